import DeployTestSupport
import Foundation

/// What somebody does at the question for CONFIRM that is no answer to it.
struct Gestures {
    let shop: DeployctlFixture
    /// Where the project is served.
    let place: String
    /// Puts another byte into a file there.
    let spoil: (_ file: String) throws -> Void

    typealias Act = (TerminalRun) throws -> Void

    /// Of a project that is served where it lies.
    init(shop: DeployctlFixture) {
        self.init(shop: shop, place: shop.project) {
            try "x".write(toFile: $0, atomically: false, encoding: .utf8)
        }
    }

    init(shop: DeployctlFixture, place: String, spoil: @escaping (_ file: String) throws -> Void) {
        (self.shop, self.place, self.spoil) = (shop, place, spoil)
    }

    var all: [(name: String, act: Act)] {
        [
            ("end of input", { $0.type("\u{4}") }),
            ("end of input after the word", { $0.type("CONFIRM\u{4}\u{4}") }),
            ("interrupt", { $0.type("\u{3}") }), ("interrupt after the word", { $0.type("CONFIRM\u{3}") }),
            ("quit after erasing", { $0.type("CONFIRMX\u{7F}\u{7F}\n") }),
            ("a megabyte", { $0.type(String(repeating: "CONFIRM", count: 150_000) + "\n\u{3}") }),
            ("the word on the second line", { $0.type("\nCONFIRM\n") }),
            ("the plan changed meanwhile", changePlan),
            ("a byte of the release changed meanwhile", changeByte),
        ]
    }

    private func changePlan(_ run: TerminalRun) throws {
        try shop.commit(version: "changed while asked")
        try shop.run("staging").expect(0)
        run.type("CONFIRM\n")
    }

    private func changeByte(_ run: TerminalRun) throws {
        try spoil("\(place)/.deployctl/staging/releases/\(try shop.stagedRelease())/app/version")
        run.type("CONFIRM\n")
        try run.await("gate")
        try shop.commit(version: "one")
        try shop.run("staging").expect(0)
    }
}

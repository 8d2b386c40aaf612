import DeployTestSupport
import Foundation

/// What somebody does at the question for CONFIRM that is no answer to it.
struct Gestures {
    let shop: DeployctlFixture
    /// Where the project is served.
    let place: String
    /// Brings another release to staging while production is asked about.
    let restage: () throws -> Void
    /// Puts another byte into a file there.
    let spoil: (_ file: String) throws -> Void

    typealias Act = (TerminalRun) throws -> Void

    /// Of a project that is served where it lies.
    init(shop: DeployctlFixture) {
        (self.shop, place) = (shop, shop.project)
        restage = {
            try shop.commit(version: "changed while asked")
            try shop.run("staging").expect(0)
        }
        spoil = { try "x".write(toFile: $0, atomically: false, encoding: .utf8) }
    }

    /// Of one that is served elsewhere: from here nothing is brought there while a question is open.
    init(served shop: ServedShop) {
        let place = "/home/deploy/deployctl/shop"
        (self.shop, self.place) = (shop, place)
        restage = {
            try shop.commit(version: "changed while asked")
            try shop.run("staging").expect(11)
            let commit = "git -c user.name=d -c user.email=d@e commit --quiet --allow-empty -m meanwhile"
            let there = try shop.server.user("cd \(place) && \(commit) && deployctl staging")
            try expectEqual(there.status, 0, there.output)
        }
        spoil = { try shop.server.root("printf x > \($0)") }
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
        try restage()
        run.type("CONFIRM\n")
    }

    private func changeByte(_ run: TerminalRun) throws {
        try spoil("\(place)/.deployctl/staging/releases/\(try shop.stagedRelease())/app/version")
        run.type("CONFIRM\n")
        try run.await("gate")
        try shop.commit(version: "one")
        try shop.run("staging", "--lock-wait=30").expect(0)
    }
}

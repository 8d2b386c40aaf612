import DeployTestSupport
import Foundation
import XCTest

/// A hundred answers to CONFIRM on a terminal, of which only the exact word passes; each third of them outside a soak.
final class HundredAnswersTests: XCTestCase {
    func testOnlyTheExactWordPasses() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        var tried = 0
        for (number, answer) in WrongAnswers.all.enumerated() where CrashSweep.isSoak || number % 3 == 0 {
            let code = try ask(world) { $0.type(answer + "\n") }
            XCTAssertEqual(code, 13, answer.debugDescription)
            tried += 1
        }
        for (number, (name, act)) in Gestures(shop: world).all.enumerated()
        where CrashSweep.isSoak || number % 3 == 0 {
            let code = try ask(world, act)
            XCTAssertTrue([12, 13, 129, 130].contains(code), "\(name): \(code)")
            tried += 1
        }
        for input in ["CONFIRM\n", String(repeating: "CONFIRM\n", count: 1000)] {
            let run = try world.run("production", input: input).expect(13, "a piped word")
            XCTAssertTrue(run.errors.contains("no terminal"), run.errors)
            tried += 1
        }
        try world.run("production").expect(13, "no terminal and no input")
        try world.run("production", "--confirm", "confirm").expect(13)
        tried += 2
        XCTAssertEqual(world.get("/version", from: "production").status, 0, "nothing was deployed")
        XCTAssertEqual(try ask(world) { $0.type("CONFIRM\n") }, 0)
        XCTAssertEqual(try world.version("production"), "one")
        tried += 1
        XCTAssertGreaterThanOrEqual(tried, CrashSweep.isSoak ? 100 : 35)
        print("CONFIRM: \(tried) cases")
    }

    func testWhatIsPastedBeforeTheQuestionDoesNotAnswerIt() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        let run = try world.runOnTerminal("production")
        run.type("CONFIRM\n")
        try run.await("Type CONFIRM")
        run.type("no\n")
        XCTAssertEqual(try run.wait().status, 13)
        XCTAssertEqual(world.get("/version", from: "production").status, 0)
    }

    private func ask(_ world: DeployctlFixture, _ act: (TerminalRun) throws -> Void) throws -> Int32 {
        let run = try world.runOnTerminal("production")
        try run.await("Type CONFIRM")
        try act(run)
        let code = try run.wait().status
        return code < 0 ? 128 - code : code
    }
}

import DeployTestSupport
import Foundation
import XCTest

/// A person at a terminal decides about production.
final class ConfirmationTests: XCTestCase {
    private func readyToPromote() throws -> DeployctlFixture {
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        return shop
    }

    func testTheTypedWordDeploys() throws {
        let shop = try readyToPromote()
        let person = try shop.runOnTerminal("production")
        try person.await("Type CONFIRM to deploy")
        person.type("CONFIRM\n")
        try person.wait().expect(0)
        XCTAssertEqual(try shop.version("production"), "one")
    }

    func testAnythingButTheWordRefuses() throws {
        let shop = try readyToPromote()
        let endOfInput = "\u{4}"
        for answer in ["confirm\n", "CONFIRM \n", " CONFIRM\n", "\n", "yes\n", endOfInput] {
            let person = try shop.runOnTerminal("production")
            try person.await("Type CONFIRM to deploy")
            person.type(answer)
            try person.wait().expect(13, "\(answer.debugDescription)").expectExplained()
        }
        XCTAssertEqual(shop.get("/version", from: "production").status, 0)
        XCTAssertEqual(try shop.history("production"), [])
    }

    func testAPipedWordRefuses() throws {
        let shop = try readyToPromote()
        try shop.run("production", input: "CONFIRM\n").expect(13).expectExplained()
        XCTAssertEqual(try shop.history("production"), [])
    }

    func testANewReleaseInStagingWhileThePersonThinksRefuses() throws {
        let shop = try readyToPromote()
        let person = try shop.runOnTerminal("production")
        try person.await("Type CONFIRM to deploy")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        person.type("CONFIRM\n")
        let run = try person.wait().expect(13).expectExplained()
        XCTAssertTrue(run.output.contains("The plan changed"), run.output)
        XCTAssertEqual(try shop.history("production"), [])
    }

    func testAnEditedDefinitionWhileThePersonThinksRefuses() throws {
        let shop = try readyToPromote()
        let person = try shop.runOnTerminal("production")
        try person.await("Type CONFIRM to deploy")
        try shop.replace("\"last\": 2", with: "\"last\": 3", in: "environments/production.json")
        person.type("CONFIRM\n")
        try person.wait().expect(13).expectExplained()
        XCTAssertEqual(try shop.history("production"), [])
    }

    /// The rows of a table that was shown may change under traffic; no other table's may begin to go.
    func testATableThatBeginsToLoseRowsWhileThePersonThinksRefuses_T17() throws {
        let shop = try readyToPromote()
        try shop.promote()
        try shop.post("first", to: "production")
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try shop.promote()

        let person = try shop.runOnTerminal("rollback", "previous")
        try person.await("Type CONFIRM to roll")
        try shop.post("second", to: "production")
        person.type("CONFIRM\n")
        let refused = try person.wait().expect(13).expectExplained()
        XCTAssertTrue(refused.output.contains("something would be lost of table item too"), refused.output)
        XCTAssertEqual(try shop.items("production"), ["first", "second"])

        let again = try shop.runOnTerminal("rollback", "previous")
        try again.await("Type CONFIRM to roll")
        try shop.post("third", to: "production")
        again.type("CONFIRM\n")
        let said = try again.wait().expect(0).output.split(whereSeparator: \.isWhitespace).joined(
            separator: " ")
        XCTAssertTrue(said.contains("no migration lies between: with --code-only"), said)
        XCTAssertTrue(said.contains("), is restored; proving it took"), said)
        XCTAssertEqual(try shop.world("production"), World(version: "one", items: ["first"]))
    }
}

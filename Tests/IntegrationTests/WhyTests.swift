import DeployTestSupport
import Foundation
import XCTest

/// What somebody reads who was just told that production is not well.
final class WhyTests: XCTestCase {
    private struct Answer: Decodable {
        struct Run: Decodable {
            let kind: String
            let outcome: String?
        }
        struct Value: Decodable {
            let key: String
            let from: String?
            let to: String?
        }
        let state: String
        let commits: [String]
        let migrations: [String]
        let definitionValues: [Value]
        let runs: [Run]
        let problems: [String]
    }

    func testItNamesEverythingThatIsNotAsItWas() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("why").expect(0)
        try world.run("staging").expect(0)
        let first = try world.run("why", "staging").expect(0).output
        XCTAssertTrue(first.contains("Nothing served before it."), first)

        try world.replace(
            "\"drain\"", with: "\"variables\": {\"MODE\": \"loud\"}, \"drain\"", in: "environments/base.json")
        try world.commit(
            version: "two", migration: (name: "V0009_more", sql: "CREATE TABLE more (id INTEGER);"))
        try world.run("staging").expect(0)
        try world.run("restart", "staging").expect(0)
        for process in world.processes() where process.command.contains("server.py") {
            kill(process.pid, SIGKILL)
        }
        let answer = try world.run("why", "staging", "--json").expect(0).json(Answer.self)
        XCTAssertEqual(answer.state, "unhealthy")
        XCTAssertTrue(answer.problems.contains { $0.contains("web") }, "\(answer.problems)")
        XCTAssertEqual(answer.commits.count, 1)
        XCTAssertTrue(answer.commits[0].hasSuffix(" two"), answer.commits[0])
        XCTAssertEqual(answer.migrations, ["V0009_more.sql"])
        XCTAssertEqual(answer.definitionValues.map(\.key), ["variables.MODE"])
        XCTAssertEqual(answer.definitionValues.first?.to, "loud")
        XCTAssertNil(answer.definitionValues.first?.from)
        XCTAssertEqual(answer.runs.map(\.kind), ["restart"])
        XCTAssertEqual(answer.runs.first?.outcome, "succeeded")
        let text = try world.run("why", "staging").expect(0).output
        XCTAssertTrue(text.contains("variables.MODE: none → loud"), text)
        try world.run("why", "nowhere").expect(17).expectExplained()
    }

    func testDiffShowsBothValuesAndNoSecret() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let keys = try world.run("diff").expect(0).output
        XCTAssertFalse(keys.contains("ports.http"), keys)
        let values = try world.run("diff", "--values").expect(0).output
        let ports = (world.port("staging"), world.port("production"))
        XCTAssertTrue(values.contains("ports.http: \(ports.0) → \(ports.1)"), values)
    }
}

import DeployTestSupport
import Foundation
import XCTest

/// One page that anybody can read, and the evidence of one deployment.
final class ReportTests: XCTestCase {
    /// A page that stands by itself: nothing is fetched, every tag is closed, everything has a name.
    private func check(_ page: String, file: StaticString = #filePath, line: UInt = #line) throws {
        XCTAssertTrue(page.hasPrefix("<!DOCTYPE html>"), file: file, line: line)
        for word in ["http://", "https://", "src=", "@import", "<script", "<link"] {
            XCTAssertFalse(page.contains(word), word, file: file, line: line)
        }
        for landmark in ["<header>", "<main>", "<footer>", "lang=\"en\"", "prefers-color-scheme:dark"] {
            XCTAssertTrue(page.contains(landmark), landmark, file: file, line: line)
        }
        for tag in ["section", "table", "tr", "td", "th", "dl", "div", "svg", "figure", "span", "main"] {
            let opened = page.matches(of: try Regex("<\(tag)[ >]")).count
            let closed = page.components(separatedBy: "</\(tag)>").count - 1
            XCTAssertEqual(opened, closed, tag, file: file, line: line)
        }
        let headings = page.matches(of: #/aria-labelledby="([^"]+)"/#).map { String($0.1) }
        XCTAssertEqual(Set(headings).count, headings.count, "each once", file: file, line: line)
        for heading in headings {
            XCTAssertTrue(page.contains("<h2 id=\"\(heading)\">"), heading, file: file, line: line)
        }
    }

    func testThePageStandsByItselfAndShowsWhatHappened() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("report").expect(0)
        try world.run("staging").expect(0)
        try world.promote()
        try world.commit(["app/health": "500"], "Break <b>\"it\"</b>")
        try world.run("staging").expect(15)
        try world.run("metrics").expect(0)
        try world.run("report", "--output", "report.html").expect(0)
        let page = try String(contentsOfFile: "\(world.project)/report.html", encoding: .utf8)
        try check(page)
        XCTAssertTrue(page.contains("staging is healthy"), "what serves is the old release")
        XCTAssertTrue(page.contains("The last failures"))
        XCTAssertTrue(page.contains("<svg role=\"img\" aria-label=\""))
        try world.run("report", "--output", "none/report.html").expect(15).expectExplained()
    }

    func testTheEvidenceNamesThePlanThePersonAndTheProof() throws {
        let world = try DeployctlFixture(for: self)
        try world.commit(["app/version": "two"], "Mend <script>alert(1)</script>")
        try world.run("staging").expect(0)
        try world.promote()
        try world.commit(version: "three")
        try world.run("staging").expect(0)
        try world.promote()
        struct History: Decodable {
            struct Run: Decodable { let timestamp: String }
            let deployments: [Run]
        }
        let history = try world.run("history", "production", "--json").expect(0).json(History.self)
        let newest = try XCTUnwrap(history.deployments.first?.timestamp)
        let page = try world.run("report", newest).expect(0).output
        try check(page)
        for part in ["which is the one that ran", "Back up", "restored", ">promote<", "Digest"] {
            XCTAssertTrue(page.contains(part), part)
        }
        let oldest = try XCTUnwrap(history.deployments.last?.timestamp)
        let first = try world.run("report", oldest).expect(0).output
        XCTAssertTrue(first.contains("Mend &lt;script&gt;alert(1)&lt;/script&gt;"), "foreign text is inert")
        try world.run("report", "20010101000000").expect(17).expectExplained()
    }

    func testAThousandDeploymentsFitIntoTwoHundredKilobytes() throws {
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let copy = """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
            INSERT INTO deployment (timestamp, environment, kind, release, commit_id, outcome, performer, trigger,
                plan_id, plan, error, started_at, finished_at)
            SELECT 20270101000000 + i, environment, kind, release, commit_id, 'failed', performer, trigger, plan_id, plan,
                '{"code":15,"what":"\(String(repeating: "long ", count: 40))","why":"\(String(repeating: "why ", count: 900))","next":"x"}',
                started_at, finished_at FROM deployment, n;
            """
        let file = "\(world.folder)/fill.sql"
        try Data(copy.utf8).write(to: URL(fileURLWithPath: file))
        try world.runProgram([
            "sh", "-c", "sqlite3 \"$0\" < \"$1\"", "\(world.project)/.deployctl/state.db", file,
        ]).expect(0)
        let page = try world.run("report").expect(0).output
        XCTAssertLessThan(page.utf8.count, 200_000)
        XCTAssertGreaterThan(page.utf8.count, 10_000)
        try check(page)
    }
}

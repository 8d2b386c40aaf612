import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What lies on disk beside a lost state, and what of it is believed.
final class StateRemainsTests: XCTestCase {
    private var shop = LostShop(in: "")

    override func setUpWithError() throws { shop = LostShop(in: try makeTestFolder()) }

    private func record(_ number: Int, _ name: String = "staging") -> String {
        "\(Layout.runRecords(shop.machine.project, environment: name))/\(Sample.timestamp(number)).json"
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try XCTUnwrap(shop.machine.files.read(path)), as: UTF8.self)
    }

    /// The same record as somebody without the key would write it.
    private func unmark(_ number: Int) throws {
        let (head, rest) = try XCTUnwrap(text(record(number)).cut(at: "\n"))
        let digest = head.split(separator: " ")[0]
        shop.machine.files.write(
            "\(digest) \(String(repeating: "0", count: 64))\n\(rest)", to: record(number))
    }

    private func log(_ number: Int, release: Int) throws {
        let title = "Deploy release \(Sample.timestamp(release)) to staging"
        shop.machine.files.write(
            """
            {"at": "2026-01-01T00:00:00Z", "event": "began", "title": "\(title)"}
            {"at": "2026-01-01T00:00:01Z", "event": "ended", "text": "succeeded"}

            """, to: try shop.layout("staging").runLog(Sample.timestamp(number)))
    }

    func testNobodyGoesBackToWhatAnUnmarkedWordNames() throws {
        try shop.run(100)
        try shop.run(200, release: 2)
        try unmark(200)
        try log(300, release: 3)
        try shop.run(400, release: 4)
        shop.machine.files.write("torn", to: record(400))
        try shop.lose()
        try shop.rebuild()
        XCTAssertEqual(try shop.moved(), [Sample.timestamp(1)])
        XCTAssertEqual(
            try shop.state.deployments(of: "staging", limit: 9).map(\.timestamp),
            [300, 200, 100].map(Sample.timestamp), "they are history")
        XCTAssertNotNil(try shop.doubts()["staging"])
    }

    func testWhatServesIsBelievedOfTheLastThatIsTold() throws {
        try shop.run(100)
        try log(200, release: 2)
        try log(300, release: 3)
        try shop.serve(3, in: "staging", as: 300)
        try shop.lose()
        try shop.rebuild()
        XCTAssertEqual(try shop.moved(), [Sample.timestamp(3), Sample.timestamp(1)])
    }

    func testARecordKnowsNoLaterEntryThanItsVetoes() throws {
        let machine = SimulatedMachine()
        let (state, plan) = (machine.state, LostShop.plan(100, "staging", .deploy, release: 1))
        let audit = machine.deployer().audit
        let run = try state.begin(plan, origin: Sample.origin, approval: nil, at: machine.clock.now())
        try audit.record(audit.entry(.deploy))
        let head = try XCTUnwrap(state.auditRecords(of: nil, since: nil, limit: 1).first)
        let between = machine.deployer().audit
        state.beforeVetoesAreRead = { () throws(DeployError) in try between.record(between.entry(.clear)) }
        let record = try RecordedRun(run, in: state)
        XCTAssertEqual(record.audit, AuditHead(head).text)
    }

    func testARecordHasTheDoubtsOfAllEnvironments() throws {
        let machine = SimulatedMachine()
        let plan = LostShop.plan(100, "production", .backup, release: 1)
        let run = try machine.state.begin(
            plan, origin: Sample.origin, approval: nil, at: machine.clock.now())
        machine.state.rebuild([
            Rebuilding(environment: "staging", sequence: 9, newest: nil, doubt: "why"),
            Rebuilding(environment: "production", sequence: 9, newest: nil, doubt: nil),
        ])
        XCTAssertEqual(try RecordedRun(run, in: machine.state).doubts, ["staging": "why"])
    }

    func testWhereTheAuditLogEndsEarlierOrElseIsSaid() throws {
        try shop.run(100)
        let path = Layout.auditAnchor(shop.machine.project)
        let lines = try text(path).split(separator: "\n").map(String.init)
        shop.machine.files.write("\(lines[0])\n", to: path)
        let run = "the record of run \(Sample.timestamp(100))"
        XCTAssertEqual(
            shop.reading().doubts["staging"], "audit.log ends at entry 1, and \(run) knows entry 2")
        let other = lines[1].prefix(2) + String(repeating: "0", count: 64)
        shop.machine.files.write("\(lines[0])\n\(other)\n", to: path)
        XCTAssertEqual(shop.reading().doubts["staging"], "audit.log has another entry 2 than \(run)")
        let next = "3:" + String(repeating: "1", count: 64)
        shop.machine.files.write((lines + [next, ""]).joined(separator: "\n"), to: path)
        XCTAssertEqual(
            shop.reading().doubts["staging"],
            "audit.log goes on to entry 3 after the last run that left a record")
    }

    func testNamesAreLaterThanThoseOfRunsOfWhichOnlyALogOrARecordTells() throws {
        try shop.run(100)
        XCTAssertEqual(shop.reading().newest, Sample.timestamp(100))
        try log(900, release: 1)
        XCTAssertEqual(shop.reading().newest, Sample.timestamp(900))
        shop.machine.files.write("", to: try shop.layout("staging").runLog(Sample.timestamp(950)))
        XCTAssertEqual(
            shop.reading().newest, Sample.timestamp(950), "one that was cut off has a name as well")
        try shop.run(1000, release: 2000)
        try shop.machine.files.remove(try shop.layout("staging").release(Sample.timestamp(2000)))
        XCTAssertEqual(shop.reading().newest, Sample.timestamp(2000))
    }

    func testOldRecordsGoButThoseOfMovesToWhatIsOnDisk() throws {
        for number in 1...3 { try shop.run(100 * number, release: number) }
        for number in 4...9 { try shop.run(100 * number, "staging", .backup, release: 3) }
        try shop.machine.files.remove(try shop.layout("staging").release(Sample.timestamp(2)))
        let records = shop.records("staging")
        try records.removeOldest(beyond: 2)
        XCTAssertEqual(records.names, [100, 300, 800, 900].map(Sample.timestamp))
        try shop.run(1000, "staging", .backup, release: 3)
        expectError(.unexpected, "a record that cannot be removed") {
            try shop.records("staging", Life(failing: 1)).removeOldest(beyond: 2)
        }
    }

    func testAMoveThatLeftNoRecordGetsItWithTheNextRun() throws {
        try shop.run(100, leaves: false)
        try shop.run(200, "staging", .backup)
        XCTAssertEqual(shop.records("staging").names, [100, 200].map(Sample.timestamp))
        try shop.lose()
        try shop.rebuild()
        XCTAssertEqual(try shop.doubts(), [:])
        XCTAssertEqual(try shop.moved(), [Sample.timestamp(1)])
    }

    func testRootRebuildsNothingOfAnotherAccounts() throws {
        try shop.run(100)
        try shop.lose()
        shop.machine.processes.act(as: 0, among: [])
        shop.machine.files.giveAway(shop.tool)
        expectError(.invalidDefinition, "rebuilding as root") { try shop.rebuild() }
        XCTAssertFalse(FileManager.default.fileExists(atPath: shop.path))
    }

    func testWhatWasRebuiltIsToldThoughTheAuditLogCannotBeWritten() throws {
        try shop.run(100)
        try shop.lose()
        // The key is there: the first change is that of audit.log.
        let result = try shop.rebuild(Life(failing: 2))
        XCTAssertEqual(result.state.runs, [Sample.timestamp(100)])
        XCTAssertNotNil(result.unanchored)
        try shop.run(200)
        let deployer = shop.deployer()
        let verdict = try AuditProof(deployer.workspace, definitions: deployer.definitions).verdict()
        XCTAssertNil(verdict.misfit, "the next act adds it")
    }
}

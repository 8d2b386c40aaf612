import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A rollback tried on the simulated machine.
final class RehearsedRollbackTests: XCTestCase {
    private func shop(_ change: (inout Environment) -> Void = { _ in }) throws -> Shop {
        let shop = try Shop(change)
        try shop.run(try shop.promotion(of: 30), named: 150)
        return shop
    }

    private func rehearsal(_ shop: Shop) throws -> PlanDraft {
        let release = try XCTUnwrap(shop.machine.state.release(Sample.timestamp(20)))
        let backup = try XCTUnwrap(shop.machine.state.backups(of: "production").first)
        return PlanDraft(
            kind: .rehearsal, facts: try shop.facts(), goal: .rehearse(release, on: .backup(backup)))
    }

    func testItLeavesTheWorldAsItWasAndIsNoRelease() throws {
        for strategy in [Environment.Runtime.Strategy.blueGreen, .recreate] {
            let shop = try shop { $0.runtime.strategy = strategy }
            let before = shop.machine.world
            try shop.run(try rehearsal(shop), named: 200)
            XCTAssertEqual(shop.machine.world, before)
            XCTAssertEqual(try shop.facts().release?.timestamp, Sample.timestamp(30))
        }
    }

    func testAServiceOfWhichNeverTwoRunStaysOutOfIt() throws {
        let shop = try shop {
            var scheduler = Service(name: "beat", role: .app, command: ["bin/beat"], listen: .none)
            scheduler.overlaps = false
            $0.services.append(scheduler)
        }
        let started = Started()
        shop.machine.processes.hear { started.add($0.program) }
        let draft = try rehearsal(shop)
        try shop.run(draft, named: 200)
        XCTAssertFalse(started.all.isEmpty)
        XCTAssertFalse(started.all.contains("bin/beat"), "\(started.all)")
        let titles = draft.plan(
            named: PlanNames(
                deployment: Sample.timestamp(200), backup: Sample.timestamp(201),
                retired: Sample.timestamp(202))
        ).titles
        XCTAssertTrue(titles.contains { $0.hasSuffix(", without beat: one at a time") }, "\(titles)")
    }

    private final class Started: @unchecked Sendable {
        private let lock = NSLock()
        private var programs: [String] = []
        func add(_ program: String) { lock.withLock { programs.append(program) } }
        var all: [String] { lock.withLock { programs } }
    }

    func testABackupThatRestoresToSomethingElseEndsWith14() throws {
        let shop = try shop()
        let backup = try XCTUnwrap(shop.machine.state.backups(of: "production").first)
        let path = "\(shop.layout.backup(backup.timestamp))/\(BackupManifest.fileName)"
        var manifest = try JSON.value(
            BackupManifest.self, from: try XCTUnwrap(shop.machine.files.read(path)), named: "manifest")
        manifest.database?.summary.tables[0].rows += 1
        try shop.machine.files.publish(JSON.data(manifest), to: path)
        var known = backup
        known.sha256 = try shop.machine.files.digest(of: path).sha256
        try shop.machine.state.record(known)
        let before = shop.machine.world
        let error = try XCTUnwrap(shop.failure(try rehearsal(shop), named: 200))
        XCTAssertEqual(error.code, .backupFailed, "\(error)")
        XCTAssertEqual(shop.machine.world, before)
    }

    func testItDiesAnywhereAndTheNextRunSettlesItEvenInProduction_T01() throws {
        let life = Life()
        let first = try shop()
        try first.run(try rehearsal(first), named: 200, life: life)
        XCTAssertGreaterThan(life.changes, 10)
        for change in 0..<life.changes - SimulatedMachine.changesAfterOutcome {
            let shop = try shop()
            let before = shop.machine.world
            XCTAssertNotNil(try shop.failure(try rehearsal(shop), named: 200, life: Life(changes: change)))
            try Recovery(deployer: shop.machine.deployer()).refuse(shop.environment)
            try Recovery(deployer: shop.machine.deployer()).settleBefore(shop.environment)
            XCTAssertEqual(shop.machine.world, before, "dead at change \(change)")
            XCTAssertNil(try shop.machine.state.unfinished(in: "production"))
        }
    }
}

import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What every `StateStore` keeps, a test for each law.
///
/// Here the imitation is tried; the file's subclass gives stores of its own.
class StateStoreContract: XCTestCase {
    private let memory = MemoryStateStore()
    let now = Date(timeIntervalSince1970: 1_780_000_000.25)

    /// Another store on the test's one memory or file, empty at first.
    func open() throws -> any StateStore { MemoryStateStore(sharing: memory) }

    func testAnEmptyStateKnowsNothing() throws {
        let state = try open()
        XCTAssertEqual(try state.releases(), [])
        XCTAssertNil(try state.release(Sample.timestamp(0)))
        XCTAssertEqual(try state.deployments(of: nil, limit: 10), [])
        XCTAssertNil(try state.deployment(Sample.timestamp(0)))
        XCTAssertNil(try state.deployment(idempotencyKey: "none"))
        XCTAssertNil(try state.unfinished(in: "production"))
        XCTAssertNil(try state.plan(of: Sample.timestamp(0)))
        XCTAssertNil(try state.approval(of: Sample.timestamp(0)))
        XCTAssertEqual(try state.steps(of: Sample.timestamp(0)), [])
        XCTAssertEqual(try state.backups(of: "production"), [])
        XCTAssertNil(try state.backup(Sample.timestamp(0)))
        XCTAssertNil(try state.hold(on: "production"))
    }

    func testNamesIncreaseWhateverTheClockDoes() throws {
        let (first, second) = (try open(), try open())
        let noon = Date(timeIntervalSince1970: 1_000_000_000)
        var given = [try first.nextTimestamp(at: noon)]
        XCTAssertEqual(given, [Timestamp(noon)], "the first name is the moment")
        for number in 1..<60 { given.append(try (number % 2 == 0 ? first : second).nextTimestamp(at: noon)) }
        for hoursBack in [1.0, 24, 240] {
            given.append(try second.nextTimestamp(at: noon.addingTimeInterval(-3600 * hoursBack)))
        }
        XCTAssertTrue(zip(given, given.dropFirst()).allSatisfy { $0 < $1 })
        let later = noon.addingTimeInterval(86_400)
        XCTAssertEqual(
            try first.nextTimestamp(at: later), Timestamp(later), "a free name is the moment itself")
    }

    func testReleasesAreListedNewestFirst() throws {
        let state = try open()
        let (older, newer) = (Sample.release(10), Sample.release(11, branch: "feature/ü 'quoted'"))
        try state.record(newer)
        try state.record(older)
        XCTAssertEqual(try state.releases(), [newer, older])
        XCTAssertEqual(try state.release(older.timestamp), older)
    }

    func testARunIsStoredWithItsPlanAndItsApproval() throws {
        let reader = try open()
        let (plan, approval, deployment) = try begun(try open())
        XCTAssertEqual(deployment.timestamp, plan.timestamp)
        XCTAssertEqual(deployment.startedAt, now)
        XCTAssertEqual(
            [deployment.performer, deployment.trigger.rawValue, deployment.reason],
            ["ada", "terminal", "because"])
        XCTAssertEqual(deployment.who, Sample.who)
        XCTAssertNil(deployment.outcome)
        XCTAssertEqual(try reader.unfinished(in: "production"), deployment)
        XCTAssertNil(try reader.unfinished(in: "staging"))
        XCTAssertEqual(try reader.plan(of: plan.timestamp), plan, "the stored plan is the very plan")
        XCTAssertEqual(try reader.approval(of: plan.timestamp), approval)
        XCTAssertEqual(try reader.deployment(idempotencyKey: "key-1"), deployment)
        XCTAssertEqual(deployment.wish, ["deployctl x", "ü y"], "what the key stands for")
    }

    func testAUsedKeyAndAUsedNameAreRefused() throws {
        let state = try open()
        let (plan, _, _) = try begun(state)
        expectError(.usage, "a used idempotency key") {
            _ = try state.begin(Sample.plan(110), origin: Self.origin, approval: nil, at: now)
        }
        XCTAssertNil(try state.deployment(Sample.timestamp(110)), "a refused run is not stored")
        expectError(.unexpected, "a used timestamp") {
            _ = try state.begin(plan, origin: Sample.origin, approval: nil, at: now)
        }
    }

    func testOfEachStepTheLastRecordCountsInOrderOfPosition() throws {
        let state = try open()
        let (_, _, deployment) = try begun(state)
        try state.record(Sample.step(1), of: deployment)
        try state.record(Sample.step(0), of: deployment)
        var second = Sample.step(1, .finished, note: "né", finished: now)
        second.columns = [ColumnChange(table: "t", column: "c", before: nil, after: "int")]
        try state.record(second, of: deployment)
        XCTAssertEqual(try open().steps(of: deployment.timestamp), [Sample.step(0), second])
    }

    func testAFinishedRunKeepsItsOutcomeItsErrorAndItsTime() throws {
        let (state, reader) = (try open(), try open())
        let (plan, _, deployment) = try begun(state)
        let error = DeployError(.stepFailed, what: "a", why: "b\n'c'", next: "d")
        try state.finish(deployment, outcome: .failed, error: error, at: now.addingTimeInterval(2.5))
        XCTAssertNil(try reader.unfinished(in: "production"))
        let finished = try XCTUnwrap(reader.deployment(plan.timestamp))
        XCTAssertEqual(finished.outcome, .failed)
        XCTAssertEqual(finished.error, error)
        XCTAssertEqual(finished.seconds, 2.5)
    }

    func testWhoWasTakenOverFromWritesNothingMore() throws {
        let (older, newer) = (try open(), try open())
        let run = try older.begin(Sample.plan(200), origin: Sample.origin, approval: nil, at: now)
        try older.record(Sample.step(0), of: run)
        try newer.adopt(run)
        try newer.record(Sample.step(0, .undone), of: run)
        let steps = try newer.steps(of: run.timestamp)

        let refused: [(String, () throws -> Void)] = [
            ("recording a step", { try older.record(Sample.step(0, .finished), of: run) }),
            ("finishing", { try older.finish(run, outcome: .succeeded, error: nil, at: self.now) }),
            ("recording a release", { try older.record(Sample.release(299)) }),
            ("recording a backup", { try older.record(Sample.backup(299)) }),
            ("pinning a backup", { try older.pin(Sample.timestamp(299), because: "x") }),
            ("removing a backup", { try older.markRemoved(Sample.timestamp(299), at: self.now) }),
        ]
        for (action, body) in refused {
            expectError(.needsPerson, "\(action) after another run took over", body)
        }
        XCTAssertEqual(try newer.steps(of: run.timestamp), steps)
        XCTAssertNil(try newer.release(Sample.timestamp(299)))
        XCTAssertNil(try newer.backup(Sample.timestamp(299)))
        try newer.finish(run, outcome: .interrupted, error: nil, at: now)
        XCTAssertEqual(try older.deployment(run.timestamp)?.outcome, .interrupted)

        try older.adopt(run)
        expectError(.needsPerson, "the newer run after the older took over again") {
            try newer.record(Sample.step(5), of: run)
        }
    }

    func testEnvironmentsAreKeptApart() throws {
        let state = try open()
        let one = try state.begin(Sample.plan(300), origin: Sample.origin, approval: nil, at: now)
        let other = try state.begin(
            Sample.plan(310, environment: "staging"), origin: Sample.origin, approval: nil, at: now)
        try state.record(Sample.step(0), of: one)
        try state.record(Sample.step(0), of: other)
        XCTAssertEqual(try state.unfinished(in: "production"), one)
        XCTAssertEqual(try state.unfinished(in: "staging"), other)
        XCTAssertEqual(try state.deployments(of: "production", limit: 1), [one])
        XCTAssertEqual(try state.deployments(of: nil, limit: 2), [other, one], "newest first")
        XCTAssertGreaterThan(other.sequence, one.sequence)
    }

    func testOnlySucceededRunsThatMoveAReleaseAreItsMoves() throws {
        let state = try open()
        let moves = try runOfEachKind(state)
        XCTAssertEqual(moves.count, 3)
        XCTAssertEqual(
            try state.releaseMoves(of: "moved", limit: .max).map(\.timestamp), moves, "newest first")
        XCTAssertEqual(try state.releaseMoves(of: "moved", limit: 1).map(\.timestamp), [moves[0]])
        XCTAssertEqual(try state.releaseMoves(of: "still", limit: 1), [])
    }

    func testRunsOfSomeKindsAreFoundBehindNewerOnes() throws {
        let state = try open()
        _ = try runOfEachKind(state)
        let (all, stops) = (try state.deployments(of: "moved", limit: .max), [Deployment.Kind.stop, .backup])
        XCTAssertEqual(
            try state.deployments(of: "moved", kinds: stops, limit: .max),
            all.filter { stops.contains($0.kind) })
        XCTAssertEqual(
            try state.deployments(of: "moved", kinds: [.stop], limit: 1).map(\.kind), [.stop],
            "newer ones hide nothing")
        XCTAssertEqual(try state.deployments(of: "still", kinds: stops, limit: 1), [])
    }

    func testAProofReplacesABackupsRecord() throws {
        let state = try open()
        let (older, newer) = try backedUp(state)
        XCTAssertEqual(try state.backups(of: "production"), [newer, older], "newest first")
        var proved = older
        (proved.verified, proved.restoreSeconds) = (.restored, 1.25)
        (proved.provedAt, proved.copied) = (Date(timeIntervalSince1970: 7.5), .verified)
        proved.triedAt = Date(timeIntervalSince1970: 8.5)
        try state.record(proved)
        XCTAssertEqual(try state.backup(older.timestamp), proved)
        XCTAssertEqual(try state.backups(of: "production"), [newer, proved])
    }

    func testAPinOutlivesAProof() throws {
        let state = try open()
        let (older, newer) = try backedUp(state)
        var pinned = newer
        pinned.pinned = "before the audit"
        try state.pin(newer.timestamp, because: pinned.pinned)
        XCTAssertEqual(try state.backups(of: "production"), [pinned, older])
        var proved = newer
        proved.verified = .checksum
        try state.record(proved)
        XCTAssertEqual(
            try state.backup(newer.timestamp)?.verified, .checksum,
            "a pinned one is proved again like any other")
        XCTAssertEqual(try state.backup(newer.timestamp)?.pinned, pinned.pinned, "and stays pinned")
        try state.pin(newer.timestamp, because: nil)
        XCTAssertNil(try state.backup(newer.timestamp)?.pinned)
    }

    func testARemovedBackupIsNotFound() throws {
        let state = try open()
        let (older, newer) = try backedUp(state)
        try state.markRemoved(newer.timestamp, at: Date())
        XCTAssertEqual(try state.backups(of: "production"), [older])
        XCTAssertNil(try state.backup(newer.timestamp))
    }

    func testAuditEntriesAreLinkedAndFound() throws {
        let (first, second) = (try open(), try open())
        func entry(_ act: AuditEntry.Act, _ environment: String?, _ at: String) -> AuditEntry {
            var entry = AuditEntry(act, by: Sample.origin, at: at)
            (entry.environment, entry.subject) = (environment, "é 'quoted'")
            return entry
        }
        let entries = [
            entry(.promote, "production", "2026-01-01T00:00:00Z"),
            entry(.deploy, "staging", "2026-01-02T00:00:00Z"),
            entry(.veto, nil, "2026-01-03T00:00:00Z"), entry(.rollback, "production", "2026-01-04T00:00:00Z"),
        ]
        for (number, entry) in entries.enumerated() {
            _ = try (number % 2 == 0 ? first : second).adding(entry) { () throws(DeployError) in }
        }
        let records = try first.auditRecords(after: 0, limit: .max)
        XCTAssertEqual(records.compactMap(\.content), entries)
        var last: AuditRecord?
        for record in records {
            XCTAssertNil(record.misfit(after: last))
            last = record
        }
        XCTAssertEqual(try second.auditRecords(after: 1, limit: 2).map(\.sequence), [2, 3])
        func found(_ environment: String?, _ since: String?, _ limit: Int = 9) throws -> [Int64] {
            try second.auditRecords(of: environment, since: since, limit: limit).map(\.sequence)
        }
        XCTAssertEqual(try found(nil, nil, 3), [4, 3, 2])
        XCTAssertEqual(try found("production", nil), [4, 1])
        XCTAssertEqual(try found(nil, "2026-01-03T00:00:00Z"), [4, 3])
        XCTAssertEqual(try found("production", "2026-01-03T00:00:00Z"), [4])
    }

    func testAnEntryStandsOrFallsWithWhatItIsAbout() throws {
        let state = try open()
        let entry = AuditEntry(.approve, by: Sample.origin, at: "2026-01-01T00:00:00Z")
        expectError(.notFound, "what the entry is about fails") {
            try state.adding(entry) { () throws(DeployError) in
                throw DeployError(.notFound, what: "a", why: "b", next: "c")
            }
        }
        XCTAssertEqual(try state.auditRecords(after: 0, limit: 9), [])
        let plan = Sample.plan(100)
        let run = try state.adding(entry) { () throws(DeployError) in
            try state.begin(plan, origin: Sample.origin, approval: nil, at: now)
        }
        XCTAssertEqual(try open().unfinished(in: "production"), run)
        XCTAssertEqual(try open().auditRecords(after: 0, limit: 9).count, 1)
    }

    func testAHeldEnvironmentIsNotGivenTwice() throws {
        let (first, second) = (try open(), try open())
        let mine = Hold(
            environment: "production", performer: "ada", reason: "audit",
            since: Date(timeIntervalSince1970: 5))
        let theirs = Hold(
            environment: "production", performer: "eve", reason: "no", since: Date(timeIntervalSince1970: 6))
        XCTAssertTrue(try first.take(mine))
        XCTAssertFalse(try second.take(theirs))
        XCTAssertFalse(try first.take(mine), "not even to its holder")
        XCTAssertEqual(try second.hold(on: "production"), mine)
        XCTAssertNil(try second.hold(on: "staging"))
        try second.releaseHold(on: "production")
        XCTAssertNil(try first.hold(on: "production"))
        XCTAssertTrue(try second.take(theirs))
    }
}

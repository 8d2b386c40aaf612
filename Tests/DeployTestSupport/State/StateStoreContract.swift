import DeployCore
import Foundation
import XCTest

/// What every store keeps.
///
/// `open` gives another store on one and the same empty memory or file.
public func checkStateStoreContract(_ open: () -> any StateStore) throws {
    try checkReadingAnEmptyState(open())
    try checkTimestamps(open(), open())
    try checkReleases(open())
    try checkRun(open(), open())
    try checkFencing(open(), open())
    try checkEnvironmentsApart(open())
    try checkReleaseMoves(open())
    try checkBackups(open())
    try checkHolds(open(), open())
}

private func checkReadingAnEmptyState(_ state: any StateStore) throws {
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

private func checkTimestamps(_ first: any StateStore, _ second: any StateStore) throws {
    let noon = Date(timeIntervalSince1970: 1_000_000_000)
    var given = [try first.nextTimestamp(at: noon)]
    XCTAssertEqual(given, [Timestamp(noon)], "the first name is the moment")
    for number in 1..<60 { given.append(try (number % 2 == 0 ? first : second).nextTimestamp(at: noon)) }
    for hoursBack in [1.0, 24, 240] {
        given.append(try second.nextTimestamp(at: noon.addingTimeInterval(-3600 * hoursBack)))
    }
    XCTAssertTrue(
        zip(given, given.dropFirst()).allSatisfy { $0 < $1 }, "names increase whatever the clock does")
    let later = noon.addingTimeInterval(86_400)
    XCTAssertEqual(try first.nextTimestamp(at: later), Timestamp(later), "a free name is the moment itself")
}

private func checkReleases(_ state: any StateStore) throws {
    let (older, newer) = (Sample.release(10), Sample.release(11, branch: "feature/ü 'quoted'"))
    try state.record(newer)
    try state.record(older)
    XCTAssertEqual(try state.releases(), [newer, older], "newest first")
    XCTAssertEqual(try state.release(older.timestamp), older)
}

private func checkRun(_ state: any StateStore, _ reader: any StateStore) throws {
    let plan = Sample.plan(100)
    let now = Date(timeIntervalSince1970: 1_780_000_000.25)
    var origin = Sample.origin
    (origin.reason, origin.idempotencyKey) = ("because", "key-1")
    let approval = Approval(planID: plan.id, performer: "ada", means: .planID, approvedAt: now)
    let deployment = try state.begin(plan, origin: origin, approval: approval, at: now)

    XCTAssertEqual(deployment.timestamp, plan.timestamp)
    XCTAssertEqual(deployment.startedAt, now)
    XCTAssertEqual(
        [deployment.performer, deployment.trigger.rawValue, deployment.reason],
        ["ada", "terminal", "because"])
    XCTAssertNil(deployment.outcome)
    XCTAssertEqual(try reader.unfinished(in: "production"), deployment)
    XCTAssertNil(try reader.unfinished(in: "staging"))
    XCTAssertEqual(try reader.plan(of: plan.timestamp), plan, "the stored plan is the very plan")
    XCTAssertEqual(try reader.approval(of: plan.timestamp), approval)
    XCTAssertEqual(try reader.deployment(idempotencyKey: "key-1"), deployment)
    expectError(.unexpected, "a used idempotency key") {
        _ = try state.begin(Sample.plan(110), origin: origin, approval: nil, at: now)
    }
    XCTAssertNil(try reader.deployment(Sample.timestamp(110)), "a refused run is not stored")
    expectError(.unexpected, "a used timestamp") {
        _ = try state.begin(plan, origin: Sample.origin, approval: nil, at: now)
    }

    try state.record(Sample.step(1), of: deployment)
    try state.record(Sample.step(0), of: deployment)
    var second = Sample.step(1, .finished, note: "né", finished: now)
    second.columns = [ColumnChange(table: "t", column: "c", before: nil, after: "int")]
    try state.record(second, of: deployment)
    XCTAssertEqual(
        try reader.steps(of: plan.timestamp),
        [Sample.step(0), second],
        "in order of position, the last record of each")

    let error = DeployError(.stepFailed, what: "a", why: "b\n'c'", next: "d")
    try state.finish(deployment, outcome: .failed, error: error, at: now.addingTimeInterval(2.5))
    XCTAssertNil(try reader.unfinished(in: "production"))
    let finished = try XCTUnwrap(reader.deployment(plan.timestamp))
    XCTAssertEqual(finished.outcome, .failed)
    XCTAssertEqual(finished.error, error)
    XCTAssertEqual(finished.seconds, 2.5)
}

private func checkFencing(_ older: any StateStore, _ newer: any StateStore) throws {
    let now = Date(timeIntervalSince1970: 1_780_000_100)
    let run = try older.begin(Sample.plan(200), origin: Sample.origin, approval: nil, at: now)
    try older.record(Sample.step(0), of: run)
    try newer.adopt(run)
    try newer.record(Sample.step(0, .undone), of: run)
    let steps = try newer.steps(of: run.timestamp)

    let refused: [(String, () throws -> Void)] = [
        ("recording a step", { try older.record(Sample.step(0, .finished), of: run) }),
        ("finishing", { try older.finish(run, outcome: .succeeded, error: nil, at: now) }),
        ("recording a release", { try older.record(Sample.release(299)) }),
        ("recording a backup", { try older.record(Sample.backup(299)) }),
        ("pinning a backup", { try older.pin(Sample.timestamp(299), because: "x") }),
        ("removing a backup", { try older.markRemoved(Sample.timestamp(299), at: now) }),
    ]
    for (action, body) in refused { expectError(.needsPerson, "\(action) after another run took over", body) }
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

private func checkEnvironmentsApart(_ state: any StateStore) throws {
    let now = Date(timeIntervalSince1970: 1_780_000_200)
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
    try state.finish(one, outcome: .succeeded, error: nil, at: now)
    try state.finish(other, outcome: .rolledBack, error: nil, at: now)
}

private func checkReleaseMoves(_ state: any StateStore) throws {
    let now = Date(timeIntervalSince1970: 1_780_000_300)
    var moves: [Timestamp] = []
    for (number, kind) in Deployment.Kind.allCases.enumerated() {
        for (offset, outcome) in [Deployment.Outcome.succeeded, .failed].enumerated() {
            var plan = Sample.plan(400 + 10 * number + 5 * offset, environment: "moved")
            plan.kind = kind
            let run = try state.begin(plan, origin: Sample.origin, approval: nil, at: now)
            XCTAssertEqual(try state.releaseMoves(of: "moved", limit: .max).map(\.timestamp), moves)
            try state.finish(run, outcome: outcome, error: nil, at: now)
            if kind.movesRelease && outcome == .succeeded { moves.insert(run.timestamp, at: 0) }
        }
    }
    XCTAssertEqual(moves.count, 3)
    XCTAssertEqual(try state.releaseMoves(of: "moved", limit: .max).map(\.timestamp), moves, "newest first")
    XCTAssertEqual(try state.releaseMoves(of: "moved", limit: 1).map(\.timestamp), [moves[0]])
    XCTAssertEqual(try state.releaseMoves(of: "still", limit: 1), [])
    let (all, stops) = (try state.deployments(of: "moved", limit: .max), [Deployment.Kind.stop, .backup])
    XCTAssertEqual(
        try state.deployments(of: "moved", kinds: stops, limit: .max), all.filter { stops.contains($0.kind) })
    XCTAssertEqual(
        try state.deployments(of: "moved", kinds: [.stop], limit: 1).map(\.kind), [.stop],
        "newer ones hide nothing")
    XCTAssertEqual(try state.deployments(of: "still", kinds: stops, limit: 1), [])
}

private func checkBackups(_ state: any StateStore) throws {
    let older = Sample.backup(20, release: Sample.timestamp(10), verified: .no)
    let newer = Sample.backup(21)
    try state.record(newer)
    try state.record(older)
    try state.record(Sample.backup(22, of: "staging"))
    XCTAssertEqual(try state.backups(of: "production"), [newer, older], "newest first")
    var proved = older
    (proved.verified, proved.restoreSeconds) = (.restored, 1.25)
    (proved.provedAt, proved.copied) = (Date(timeIntervalSince1970: 7.5), .verified)
    proved.triedAt = Date(timeIntervalSince1970: 8.5)
    try state.record(proved)
    XCTAssertEqual(try state.backup(older.timestamp), proved)
    XCTAssertEqual(try state.backups(of: "production"), [newer, proved])
    var pinned = newer
    pinned.pinned = "before the audit"
    try state.pin(newer.timestamp, because: pinned.pinned)
    XCTAssertEqual(try state.backups(of: "production"), [pinned, proved])
    try state.record(newer.pinnedElsewhere)
    XCTAssertEqual(
        try state.backup(newer.timestamp)?.verified, .checksum, "a pinned one is proved again like any other")
    XCTAssertEqual(try state.backup(newer.timestamp)?.pinned, pinned.pinned, "and stays pinned")
    try state.pin(newer.timestamp, because: nil)
    XCTAssertNil(try state.backup(newer.timestamp)?.pinned)
    try state.markRemoved(newer.timestamp, at: Date())
    XCTAssertEqual(try state.backups(of: "production"), [proved])
    XCTAssertNil(try state.backup(newer.timestamp), "a removed backup is not found")
}

extension Backup {
    /// As a proof records it that knows nothing of pins.
    fileprivate var pinnedElsewhere: Backup {
        var copy = self
        copy.verified = .checksum
        return copy
    }
}

private func checkHolds(_ first: any StateStore, _ second: any StateStore) throws {
    let mine = Hold(
        environment: "production", performer: "ada", reason: "audit", since: Date(timeIntervalSince1970: 5))
    let theirs = Hold(
        environment: "production", performer: "eve", reason: "no", since: Date(timeIntervalSince1970: 6))
    XCTAssertTrue(try first.take(mine))
    XCTAssertFalse(try second.take(theirs), "a held environment is not given twice")
    XCTAssertFalse(try first.take(mine), "not even to its holder")
    XCTAssertEqual(try second.hold(on: "production"), mine)
    XCTAssertNil(try second.hold(on: "staging"))
    try second.releaseHold(on: "production")
    XCTAssertNil(try first.hold(on: "production"))
    XCTAssertTrue(try second.take(theirs))
    try first.releaseHold(on: "production")
}

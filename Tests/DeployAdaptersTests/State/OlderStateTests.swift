import DeployAdapters
import DeployTestSupport
import Foundation
import StateSchema
import XCTest

@testable import DeployCore

/// What an earlier version wrote is understood by this one.
final class OlderStateTests: XCTestCase {
    func testBackupsOfAStateWithoutProofTimesAreKnownAsProvedWhenTaken() throws {
        let path = "\(try makeTestFolder())/state.db"
        let rows = [("restored", 21), ("checksum", 22), ("no", 23)].map { verified, number in
            """
            INSERT INTO backup (timestamp, environment, bytes, sha256, verified, created_at)
            VALUES ('\(Sample.timestamp(number))', 'production', 7, 'x', '\(verified)', \(number).5);
            """
        }
        let schema = StateSchema.migrations.prefix(3).map { String(decoding: $0, as: UTF8.self) }
        try run(schema + rows + ["PRAGMA user_version = 3;"], on: path)

        let store = SQLiteStateStore(path: path)
        let known = try store.backups(of: "production")
        XCTAssertEqual(
            known.map(\.provedAt), [nil, nil, Date(timeIntervalSince1970: 21.5)],
            "a checksum is no proof by restoring")
        XCTAssertEqual(known.map(\.copied), [.no, .no, .no])
        var copied = known[0]
        copied.copied = .verified
        try store.record(copied)
        XCTAssertEqual(try SQLiteStateStore(path: path).backup(copied.timestamp), copied)
    }

    func testWhatWasRecordedWithoutAccountsIsReadWithoutThem() throws {
        let path = "\(try makeTestFolder())/state.db"
        let name = Sample.timestamp(5)
        let rows = [
            "INSERT INTO deployment (timestamp, environment, kind, outcome, performer, trigger, idempotency_key, plan_id, plan,"
                + " started_at) VALUES ('\(name)', 'staging', 'deploy', 'succeeded', 'ada', 'ci', 'k', 'p', '{}', 1.5);",
            "INSERT INTO release_approval (release, release_digest, definition_digest, item, performer, approved_at)"
                + " VALUES ('\(name)', 'd', 'e', 'release', 'eve', 2.5);",
        ]
        let schema = StateSchema.migrations.prefix(5).map { String(decoding: $0, as: UTF8.self) }
        try run(schema + rows + ["PRAGMA user_version = 5;"], on: path)
        let store = SQLiteStateStore(path: path)
        let deployment = try XCTUnwrap(store.deployment(idempotencyKey: "k"))
        XCTAssertNil(deployment.who)
        XCTAssertNil(deployment.wish)
        XCTAssertEqual(try store.releaseApprovals(of: name).map(\.who), [nil])
        XCTAssertEqual(try store.people().others(than: "ada", nil), ["eve"])
        expectError(.usage, "a key of another environment") {
            _ = try IdempotentRepeat(first: deployment, environment: "production", wish: ["x"]).result()
        }
        guard
            case .upToDate = try IdempotentRepeat(first: deployment, environment: "staging", wish: ["x"])
                .result()
        else { return XCTFail("an earlier version's key is still known") }
    }

    private func run(_ statements: [String], on path: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-bail", path, ([""] + statements).joined(separator: "\n")]
        try process.run()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0)
    }
}

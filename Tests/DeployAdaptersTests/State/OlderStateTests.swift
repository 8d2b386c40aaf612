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

    private func run(_ statements: [String], on path: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-bail", path, ([""] + statements).joined(separator: "\n")]
        try process.run()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0)
    }
}

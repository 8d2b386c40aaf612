import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class SQLiteStateContractTests: StateStoreContract {
    private var path = ""

    override func setUpWithError() throws { path = "\(try makeTestFolder())/state.db" }

    override func open() throws -> any StateStore { SQLiteStateStore(path: path) }

    func testTheAuditLogIsOnlyAddedTo() throws {
        let entry = AuditEntry(.veto, by: Sample.origin, at: "2026-01-01T00:00:00Z")
        for _ in 0..<3 { try open().adding(entry) { () throws(DeployError) in } }
        let before = try open().auditRecords(after: 0, limit: 9)
        for statement in [
            "UPDATE audit SET entry = '{}'", "DELETE FROM audit WHERE sequence = 3",
            "INSERT INTO audit (sequence, entry, previous, hash) VALUES (9, '{}', '', '')",
            "INSERT OR REPLACE INTO audit (sequence, entry, previous, hash) VALUES (2, '{}', '', '')",
        ] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["sqlite3", path, statement]
            process.standardError = Pipe()
            try process.run()
            process.waitUntilExit()
            XCTAssertNotEqual(process.terminationStatus, 0, statement)
        }
        XCTAssertEqual(try open().auditRecords(after: 0, limit: 9), before)
    }

    func testWhatFailsInsideOfATransactionLeavesNothing() throws {
        let store = try open()
        let entry = AuditEntry(.veto, by: Sample.origin, at: "2026-01-01T00:00:00Z")
        expectError(.notFound, "after it wrote") {
            try store.adding(entry) { () throws(DeployError) in
                try store.record(Sample.release(7))
                throw DeployError(.notFound, what: "a", why: "b", next: "c")
            }
        }
        XCTAssertEqual(try open().releases(), [])
    }

    func testTheFileOutlivesWhoWroteIt() throws {
        try open().record(Sample.release(10))
        XCTAssertEqual(try open().releases(), [Sample.release(10)])
    }
}

import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What becomes of a state file that is not what this version wrote.
final class DamagedStateTests: XCTestCase {
    private var folder = ""
    private var path: String { "\(folder)/state.db" }

    override func setUpWithError() throws { folder = try makeTestFolder() }

    /// A state with forty releases, ten backups and a finished run.
    private func fill() throws -> Data {
        let store = SQLiteStateStore(path: path)
        for number in 0..<40 { try store.record(Sample.release(number)) }
        for number in 0..<10 { try store.record(Sample.backup(number)) }
        let run = try store.begin(
            Sample.plan(100), origin: Sample.origin, approval: nil, at: Sample.timestamp(100).date)
        for step in 0..<20 { try store.record(Sample.step(step, .finished), of: run) }
        try store.finish(run, outcome: .succeeded, error: nil, at: Sample.timestamp(101).date)
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    private func put(_ data: Data) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        try data.write(to: URL(fileURLWithPath: path))
    }

    private func content() throws -> [Int] {
        let store = SQLiteStateStore(path: path)
        let counts = [
            try store.releases().count, try store.backups(of: "production").count,
            try store.deployments(of: nil, limit: 100).count,
            try store.steps(of: Sample.timestamp(100)).count,
        ]
        _ = try store.plan(of: Sample.timestamp(100))
        return counts
    }

    private let full = [40, 10, 1, 20]

    func testGarbageIsRefusedAndLeftAsItIs() throws {
        let cases = [
            "zeros": Data(count: 8192),
            "garbage": Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }),
            "a text": Data("hello".utf8), "one byte": Data([0]), "nothing at all": Data(),
        ]
        for (name, data) in cases {
            try put(data)
            expectError(.needsPerson, "reading \(name)") { _ = try self.content() }
            expectError(.needsPerson, "writing \(name)") {
                try SQLiteStateStore(path: self.path).record(Sample.release(1))
            }
            XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: path)), data, name)
        }
    }

    func testAStateCutAnywhereIsRefusedAndNeverEmpty() throws {
        let whole = try fill()
        XCTAssertEqual(try content(), full)
        for size in Set(stride(from: 0, to: whole.count, by: 611)).union(
            stride(from: 4096, to: whole.count, by: 4096))
        {
            let cut = whole.prefix(size)
            try put(cut)
            expectError(.needsPerson, "reading a state cut to \(size) bytes") { _ = try self.content() }
            XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: path)), cut)
        }
    }

    func testAFlippedBitNeverMakesTheStateSilentlyEmpty() throws {
        let whole = try fill()
        for number in 0..<300 {
            var data = whole
            let (byte, bit) = (number * 7919 * 37 % data.count, number % 8)
            data[byte] ^= 1 << bit
            try put(data)
            do {
                let counts = try content()
                for (found, all) in zip(counts, full) where found < all - 1 {
                    XCTFail("bit \(bit) of byte \(byte): \(counts) instead of \(full)")
                }
            } catch let error as DeployError {
                XCTAssertEqual(error.code, .needsPerson, "bit \(bit) of byte \(byte): \(error)")
                XCTAssertFalse(error.next.isEmpty)
            }
        }
    }

    func testAStateThatLostATableIsDamaged() throws {
        _ = try fill()
        try sqlite("DROP TABLE hold")
        expectError(.needsPerson, "a table that is gone") {
            _ = try SQLiteStateStore(path: self.path).hold(on: "staging")
        }
    }

    func testADatabaseOfAnotherProgramIsRefusedUnchanged() throws {
        try sqlite("CREATE TABLE bookmark (url)")
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        XCTAssertThrowsError(try content()) {
            XCTAssertEqual(($0 as? DeployError)?.code, .needsPerson)
            XCTAssertEqual(
                ($0 as? DeployError)?.why,
                "it is empty, or a database of another program; nothing was changed")
        }
        XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: path)), before)
    }

    func testANewerStateIsRefusedUnchanged() throws {
        _ = try fill()
        try sqlite("PRAGMA user_version = 99")
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        expectError(.needsPerson, "a newer state") { _ = try self.content() }
        expectError(.needsPerson, "writing a newer state") {
            try SQLiteStateStore(path: self.path).record(Sample.release(1))
        }
        XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: path)), before)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["state.db"])
    }

    func testAStateFromBeforePinsIsCopiedAsideAndKeepsItsBackups() throws {
        _ = try fill()
        let later = [
            "backup.pinned", "backup.proved_at", "backup.copied", "backup.tried_at", "step_record.columns",
            "deployment.wish", "deployment.who", "release.who", "release_approval.who", "log_position.file",
            "log_position.anchor",
        ]
        let drops = later.map { name in
            let parts = name.split(separator: ".")
            return "ALTER TABLE \(parts[0]) DROP COLUMN \(parts[1]); "
        }
        let triggers = ["event_of_begin", "event_of_end", "event_of_recovery"].map { "DROP TRIGGER \($0); " }
        let tables = ["audit", "schedule_run", "traffic", "traffic_position", "delivery", "event", "rebuilt"]
            .map { "DROP TABLE \($0); " }
        try sqlite("\((triggers + tables + drops).joined())PRAGMA user_version = 2")
        XCTAssertEqual(try content(), [40, 10, 1, 20])
        XCTAssertTrue(FileManager.default.fileExists(atPath: "\(path).v2"))
        let store = SQLiteStateStore(path: path)
        try store.pin(Sample.timestamp(3), because: "audit")
        XCTAssertEqual(try store.backups(of: "production").filter { $0.pinned != nil }.count, 1)
    }

    func testReadingWithoutAFileCreatesNothing() throws {
        XCTAssertEqual(try content(), [0, 0, 0, 0])
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), [])
    }

    func testAReaderSeesTheStateThatAnotherProcessMadeSince() throws {
        let reader = SQLiteStateStore(path: path)
        XCTAssertEqual(try reader.releases(), [])
        try SQLiteStateStore(path: path).record(Sample.release(1))
        XCTAssertEqual(try reader.releases(), [Sample.release(1)])
    }

    func testTheFilesArePrivateWhateverTheUmask() throws {
        let before = umask(0)
        defer { umask(before) }
        _ = try fill()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        XCTAssertEqual(names, ["state.db", "state.db-journal"], "no WAL stays behind")
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600, name)
        }
    }

    func testManyNamesOfOneSecondAreUnique() throws {
        let store = SQLiteStateStore(path: path)
        let now = Sample.timestamp(0).date
        let names = try (0..<150).map { _ in try store.nextTimestamp(at: now) }
        XCTAssertEqual(Set(names).count, 150)
        XCTAssertEqual(names.sorted(), names)
    }

    func testALockedStateIsWaitedForAndNotCalledDamaged() throws {
        _ = try fill()
        let locker = try python(
            """
            import sqlite3, sys, time
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("BEGIN EXCLUSIVE")
            open(sys.argv[1] + ".locked", "w").close()
            time.sleep(0.7)
            db.execute("ROLLBACK")
            """)
        XCTAssertTrue(eventually { FileManager.default.fileExists(atPath: "\(self.path).locked") })
        try SQLiteStateStore(path: path).record(Sample.release(41))
        locker.waitUntilExit()
        XCTAssertEqual(try content(), [41, 10, 1, 20])
    }

    func testAWriterKilledBetweenStatementsLeavesTheStateReadable() throws {
        _ = try fill()
        for _ in 0..<5 {
            let writer = try python(
                """
                import sqlite3, sys, time
                db = sqlite3.connect(sys.argv[1], isolation_level=None)
                db.execute("PRAGMA cache_size = 1")
                db.execute("BEGIN IMMEDIATE")
                for n in range(3000):
                    db.execute("INSERT INTO release VALUES (?, 'c', 'b', ?, 'd', 'p', 0, NULL)", (str(20270101000000 + n), "x" * 500))
                open(sys.argv[1] + ".ready", "w").close()
                time.sleep(60)
                """)
            XCTAssertTrue(eventually { FileManager.default.fileExists(atPath: "\(self.path).ready") })
            XCTAssertTrue(
                FileManager.default.fileExists(atPath: "\(path)-journal"), "the write is half on disk")
            kill(writer.processIdentifier, SIGKILL)
            writer.waitUntilExit()
            XCTAssertEqual(try content(), full, "nothing of the unfinished write is there")
            try FileManager.default.removeItem(atPath: "\(path).ready")
        }
    }

    private func python(_ script: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, path]
        try process.run()
        return process
    }

    private func sqlite(_ sql: String) throws {
        let process = try python(
            "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.executescript(\"\"\"\(sql)\"\"\")")
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0)
    }
}

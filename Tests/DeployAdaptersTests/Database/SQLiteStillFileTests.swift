import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// A database's file that is packed as it is, or a copy where others keep it from holding one snapshot.
final class SQLiteStillFileTests: SQLiteFixture {
    private var path: String { live.name }

    private func reads(_ body: (Bool) throws -> Void) throws {
        let reader = try SQLiteFence.open(path, .readWrite)
        try reader.execute("BEGIN")
        try body(try SQLiteStillFile(reader: reader).isHeld())
        try reader.execute("COMMIT")
    }

    /// Whether backups come back as what they say they took, and as one file.
    private func comesBack(_ rows: Int64, line: UInt = #line) throws {
        let payload = "\(folder)/payload.zst"
        for readingBack in [true, false] {
            let taken = try database.backUp(live, to: payload, readingBack: readingBack)
            XCTAssertEqual(taken.summary.rows, rows, line: line)
            let back = location("back.db")
            let restored = try database.restoreAndSummarise(
                payload, to: back, atMost: taken.unpacked, being: taken.payload)
            XCTAssertEqual(restored, taken.summary, line: line)
            XCTAssertEqual(
                LocalFileStore().names(in: folder).filter { $0.hasPrefix("back.db") }, ["back.db"], line: line
            )
            try database.remove(back)
        }
    }

    func testWithAJournalNobodyWritesToTheFileMeanwhile() throws {
        try write("CREATE TABLE a (n); INSERT INTO a VALUES (1)", to: live)
        try application("")
        try reads { isHeld in
            XCTAssertTrue(isHeld)
            let before = try Copy(path)
            try application(
                "try: db.execute('INSERT INTO a VALUES (2)')\nexcept sqlite3.OperationalError as error: assert 'locked' in str(error)"
            )
            XCTAssertEqual(try Copy(path), before)
        }
        try comesBack(1)
    }

    func testWhatAWALHasIsBroughtToTheFileAndTheNextWritesStayInTheWAL() throws {
        try application(
            "db.executescript('PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE a (n); INSERT INTO a VALUES (1)')"
        )
        let short = LocalFileStore().size(of: path) ?? 0
        try reads { isHeld in
            XCTAssertTrue(isHeld)
            XCTAssertGreaterThan(LocalFileStore().size(of: path) ?? 0, short)
            let before = try Copy(path)
            try application(
                "db.execute('INSERT INTO a VALUES (2)'); db.execute('PRAGMA wal_checkpoint(PASSIVE)')")
            XCTAssertEqual(try Copy(path), before)
        }
        try comesBack(2)
    }

    func testWhereSomebodyReadsWhatIsOlderACopyIsTaken() throws {
        try application(
            "db.executescript('PRAGMA journal_mode=WAL; CREATE TABLE a (n); INSERT INTO a VALUES (1)')\n"
                + "db.execute('BEGIN'); db.execute('SELECT * FROM a').fetchall()")
        try application("db.execute('INSERT INTO a VALUES (2)')")
        try reads { XCTAssertFalse($0) }
        try comesBack(2)
    }

    func testWhereSomebodyIsWritingACopyIsTaken() throws {
        try write("PRAGMA journal_mode=WAL; CREATE TABLE a (n); INSERT INTO a VALUES (1)", to: live)
        try application("db.execute('BEGIN IMMEDIATE'); db.execute('INSERT INTO a VALUES (2)')")
        try reads { XCTAssertFalse($0) }
        try comesBack(1)
    }

    func testWhereTheCompressorHoldsOthersUpACopyIsTaken() throws {
        try write("CREATE TABLE a (n); INSERT INTO a VALUES (1)", to: live)
        let tools = LyingTools(live: live, proof: location("back.db"), folder: folder) { _ in
            SQLiteApplicationDatabase(
                commands: ProcessCommandRunner(interruption: FakeInterruption()), packingDeadline: .seconds(1)
            )
        }
        let late = LyingTool("zstd", "[ -e $here/late ] || { touch $here/late; exec sleep 60; }; real \"$@\"")
        try tools.with(late) { XCTAssertTrue(tools.isAccepted(by: try tools.engine(nil), late.name)) }
    }

    /// Taken by another process, as closing the file in this one would end the locks on it.
    private struct Copy: Equatable {
        let bytes: String

        init(_ path: String) throws {
            let result = ProcessCommandRunner(interruption: FakeInterruption()).run(
                CommandRequest(Command("sha256sum", ["--", path])))
            XCTAssertTrue(result.succeeded)
            bytes = result.output
        }
    }
}

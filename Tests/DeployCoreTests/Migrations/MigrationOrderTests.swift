import DeployTestSupport
import XCTest

@testable import DeployCore

final class MigrationOrderTests: XCTestCase {
    private func file(_ name: String, _ sql: String = "x") -> MigrationFile {
        MigrationFile(name: name, sql: sql)
    }

    private func applied(_ name: String, _ sql: String = "x") -> AppliedMigration {
        AppliedMigration(name: name, sha256: file(name, sql).sha256)
    }

    private func pending(_ files: [String], _ recorded: [String]) throws -> [String] {
        try MigrationOrder.pending(files: files.map { file($0) }, recorded: recorded.map { applied($0) }).map(
            \.name)
    }

    func testWhatIsNotRecordedIsPendingInOrder() throws {
        XCTAssertEqual(try pending([], []), [])
        XCTAssertEqual(try pending(["1", "2"], []), ["1", "2"])
        XCTAssertEqual(try pending(["1", "2", "3"], ["1"]), ["2", "3"])
        XCTAssertEqual(try pending(["1", "2"], ["1", "2"]), [])
    }

    func testAMigrationThatSortsBeforeAnAppliedOneIsRefused() {
        for (files, recorded) in [
            (["1", "2"], ["2"]), (["1", "2", "3"], ["1", "3"]), (["10", "9"], ["9"]),
        ] {
            XCTAssertThrowsError(try pending(files, recorded)) { error in
                let why = (error as? DeployError)?.why ?? ""
                XCTAssertTrue(why.contains("sorts before"), why)
            }
        }
    }

    func testAnEditedOrMissingMigrationIsRefusedByName() {
        expectError(.stepFailed, "an edited migration") {
            _ = try MigrationOrder.pending(files: [file("1", "edited")], recorded: [applied("1")])
        }
        XCTAssertThrowsError(try pending(["2"], ["1"])) {
            XCTAssertEqual(($0 as? DeployError)?.why, "1 is recorded in the database but not in the release")
        }
        expectError(.stepFailed, "one added space") {
            _ = try MigrationOrder.pending(files: [file("1", "x ")], recorded: [applied("1")])
        }
    }

    func testAFolderGivesItsSQLFilesInByteOrder() throws {
        let files = MemoryFileStore([
            "/p/r/0002_b.sql": "b", "/p/r/0001_a.sql": "a", "/p/r/notes.txt": "", "/p/r/.hidden.sql": "",
            "/p/r/0003.SQL": "",
        ])
        let found = try MigrationFolder(files: files).read("r", beneath: "/p")
        XCTAssertEqual(found, [file("0001_a.sql", "a"), file("0002_b.sql", "b")])
        XCTAssertEqual(try MigrationFolder(files: files).read("none", beneath: "/p"), [])
    }
}

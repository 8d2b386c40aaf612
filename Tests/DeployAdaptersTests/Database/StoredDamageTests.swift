import DeployAdapters
import Foundation
import XCTest

@testable import DeployCore

/// T11 for a file that is the database.
final class SQLiteStoredDamageTests: SQLiteFixture {
    private var backups: StoredBackups { StoredBackups(engine: database, live: live, folder: folder) }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try write("CREATE TABLE a (n, t); INSERT INTO a VALUES (1, 'one'), (2, 'two');", to: live)
    }

    func testEveryFlippedBitAndEveryCutIsFound_T11() throws { try backups.checkDamage("SQLite") }

    func testPayloadsAndManifestsOfTwoBackupsAreNotMistaken_T11() throws {
        try backups.checkSwaps { try write("INSERT INTO a VALUES (3, 'three')", to: live) }
    }
}

/// T11 for the archive of a folder and the listing beside it.
final class FolderStoredDamageTests: SQLiteFixture {
    func testEveryFlippedBitAndEveryCutIsFound_T11() throws {
        let uploads = "\(folder)/uploads"
        try FileManager.default.createDirectory(
            atPath: "\(uploads)/below", withIntermediateDirectories: true)
        for number in 1...30 {
            let bytes = Data((0..<number * 100).map { _ in UInt8.random(in: .min ... .max) })
            try bytes.write(to: URL(fileURLWithPath: "\(uploads)/below/\(number)"))
        }
        try write("CREATE TABLE a (n); INSERT INTO a VALUES (1);", to: live)
        try StoredBackups(engine: database, live: live, folder: folder, uploads: uploads).checkDamage(
            "a folder")
    }
}

/// T11 for a compressed dump.
final class MySQLStoredDamageTests: MySQLFixture {
    private var backups: StoredBackups { StoredBackups(engine: engine, live: live, folder: folder) }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try engine.create(live)
        try run("CREATE TABLE a (n INT PRIMARY KEY, t TEXT); INSERT INTO a VALUES (1, 'one');", in: live)
    }

    func testEveryFlippedBitAndEveryCutIsFound_T11() throws { try backups.checkDamage("MySQL") }

    func testPayloadsAndManifestsOfTwoBackupsAreNotMistaken_T11() throws {
        try backups.checkSwaps { try run("INSERT INTO a VALUES (3, 'three')", in: live) }
    }
}

/// T11 for an archive.
final class PostgreSQLStoredDamageTests: PostgreSQLFixture {
    private var backups: StoredBackups { StoredBackups(engine: database, live: live, folder: folder) }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try database.create(live)
        try sql("CREATE TABLE a (n int PRIMARY KEY, t text); INSERT INTO a VALUES (1, 'one');", in: live)
    }

    func testEveryFlippedBitAndEveryCutIsFound_T11() throws { try backups.checkDamage("PostgreSQL") }

    func testPayloadsAndManifestsOfTwoBackupsAreNotMistaken_T11() throws {
        try backups.checkSwaps { try sql("INSERT INTO a VALUES (3, 'three')", in: live) }
    }
}

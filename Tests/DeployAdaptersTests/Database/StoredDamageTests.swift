import DeployAdapters
import DeployCore
import Foundation
import XCTest

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

import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T13: databases with what a copy tends to lose come back as another program sees them: ten, in a soak fifty.
final class SQLiteSchemasTests: SQLiteFixture {
    private static let settings = [
        "PRAGMA page_size = 512", "PRAGMA encoding = 'UTF-16be'; PRAGMA application_id = 77",
        "PRAGMA auto_vacuum = FULL", "PRAGMA journal_mode = WAL; PRAGMA user_version = 9",
        "PRAGMA page_size = 65536; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA encoding = 'UTF-16le'",
    ]

    private static let schemas = [
        """
        CREATE TABLE "with ""quotes"" and
        a line" ("select" TEXT, 'from' BLOB, [a b] NUMERIC);
        INSERT INTO "with ""quotes"" and
        a line" VALUES ('☎ ''quoted''', x'00ff00', 1e300), (NULL, zeroblob(3000), -0.0);
        """,
        """
        CREATE TABLE a (n INTEGER, twice INTEGER GENERATED ALWAYS AS (n * 2) STORED,
            word TEXT AS (printf('%05d', n)) VIRTUAL);
        INSERT INTO a (n) VALUES (1), (2), (-9223372036854775808);
        CREATE INDEX by_word ON a (word, abs(n)) WHERE n > 0;
        """,
        """
        CREATE TABLE log (what TEXT); CREATE TABLE a (n PRIMARY KEY) WITHOUT ROWID;
        CREATE TRIGGER added AFTER INSERT ON a BEGIN INSERT INTO log VALUES ('; -- ' || new.n); END;
        INSERT INTO a VALUES ('x'), (1.5), (x'31');
        """,
        """
        CREATE TABLE a (n); INSERT INTO a VALUES (1), ('1'), (1.0), (x'31');
        CREATE VIEW "the view" (kind) AS SELECT typeof(n) FROM a;
        CREATE TRIGGER through INSTEAD OF INSERT ON "the view" BEGIN INSERT INTO a VALUES (new.kind); END;
        """,
        """
        CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, n); INSERT INTO a (n) VALUES (1), (2), (3);
        DELETE FROM a WHERE id > 1;
        """,
        """
        CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE);
        CREATE TABLE child (id INTEGER PRIMARY KEY, parent REFERENCES parent ON DELETE CASCADE DEFERRABLE,
            n CHECK (n > 0) DEFAULT (1 + 1));
        INSERT INTO parent VALUES (1, 'Änne'), (2, 'anne'); INSERT INTO child (parent) VALUES (1), (2), (NULL);
        """,
        """
        CREATE VIRTUAL TABLE words USING fts5(title, body); INSERT INTO words VALUES ('one', 'größe two');
        """,
        """
        CREATE TABLE strict (i INTEGER, r REAL, t TEXT, b BLOB, x ANY) STRICT;
        INSERT INTO strict VALUES (1, 2, 'a' || char(0) || 'b', x'', 1), (NULL, NULL, NULL, NULL, '1');
        """,
        """
        CREATE TABLE wide (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z);
        WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 600)
        INSERT INTO wide (a, z) SELECT n, hex(randomblob(20)) FROM c; DELETE FROM wide WHERE a % 3 = 0;
        """,
        """
        CREATE TABLE big (b BLOB); INSERT INTO big VALUES (randomblob(200000)), (zeroblob(100000));
        CREATE TABLE empty (n); CREATE TABLE twin (n); INSERT INTO twin VALUES (1), (1), (1);
        """,
    ]

    func testSchemasComeBackAsTheyWere_T13() throws {
        var compared = 0
        let every = StoredBackups.count(1, sample: Self.settings.count)
        for (offset, setting) in Self.settings.enumerated() {
            for (number, schema) in Self.schemas.enumerated() where (number + offset) % every == 0 {
                try database.remove(live)
                try write("\(setting);\n\(schema)", to: live)
                let payload = "\(folder)/\(compared).zst"
                let taken = try database.backUp(live, to: payload).summary
                let back = location("back.db")
                try database.remove(back)
                try database.restore(payload, to: back)
                XCTAssertEqual(try database.summarise(back), taken, "\(setting)\n\(schema)")
                XCTAssertEqual(try asSeen(back), try asSeen(live), "\(setting)\n\(schema)")
                compared += 1
            }
        }
        XCTAssertEqual(compared, StoredBackups.count(50, sample: 10))
    }

    /// Everything another program reads of a database, in order.
    private func asSeen(_ location: DatabaseLocation) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            for name in ("encoding", "user_version", "application_id", "page_size", "auto_vacuum", "integrity_check"):
                print(name, db.execute("PRAGMA " + name).fetchall())
            for kind, name, sql in db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"):
                print(repr((kind, name, sql)))
                if kind == "table":
                    columns = "rowid, *" if "WITHOUT ROWID" not in (sql or "") else "*"
                    if (sql or "").startswith("CREATE VIRTUAL"): columns = "*"
                    quoted = '"' + name.replace('"', '""') + '"'
                    for row in db.execute("SELECT " + columns + " FROM " + quoted): print(repr(row))
            """
        process.arguments = ["python3", "-c", script, location.name]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0)
        return String(decoding: data, as: UTF8.self)
    }
}

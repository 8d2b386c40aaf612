import DeployTestSupport
import Foundation
import XCTest

/// T14: a database of 2 GiB comes back as it was, and deployctl holds little of it in memory.
///
/// Outside a soak it is a small one; DEPLOYCTL_TEST_MEGABYTES makes it any size. What is built for development takes
/// hours for the large one, a release minutes.
final class LargeDatabaseTests: XCTestCase {
    private static let variables = ProcessInfo.processInfo.environment
    private static let hour = 3600.0

    private static let megabytes =
        variables["DEPLOYCTL_TEST_MEGABYTES"].flatMap(Int.init) ?? (CrashSweep.isSoak ? 2048 : 4)
    /// Large ones of some megabytes each.
    private static let objects = max(1, megabytes / 256)

    func testALargeSQLiteDatabaseComesBackAsItWas_T14() throws {
        let megabytes = Self.megabytes
        let shop = try DeployctlFixture(for: self)
        try shop.run("staging").expect(0)
        try shop.promote()
        let file = ".deployctl/production/shared/data/app.db"
        func sql(_ text: String) throws -> String {
            try shop.runProgram(
                ["sqlite3", file, ".timeout 60000", text], deadline: Self.hour
            ).expect(0, text).output
        }
        _ = try sql(
            """
            CREATE TABLE big (n INTEGER PRIMARY KEY, data BLOB, text TEXT);
            WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < \(megabytes * 1000))
            INSERT INTO big SELECT n, randomblob(900), hex(randomblob(40)) FROM c;
            CREATE TABLE large (n INTEGER PRIMARY KEY, data BLOB);
            WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < \(Self.objects))
            INSERT INTO large SELECT n, randomblob(4000000) FROM c;
            """)
        try prove(shop, "SQLite", change: { _ = try sql("UPDATE big SET text = 'x' WHERE n <= 1000") }) {
            let script = """
                import hashlib, sqlite3, sys
                h = hashlib.sha256()
                for table in ("big", "large"):
                    for row in sqlite3.connect(sys.argv[1]).execute("SELECT * FROM " + table + " ORDER BY n"):
                        h.update(repr(row[0]).encode() + row[1] + str(row[2:]).encode())
                print(h.hexdigest())
                """
            return try shop.runProgram(["python3", "-c", script, file], deadline: Self.hour).expect(0).output
        }
    }

    func testALargeMySQLDatabaseComesBackAsItWas_T14() throws {
        let megabytes = Self.megabytes
        try prove(
            .mysql,
            filling: [
                "CREATE TABLE big (n INT PRIMARY KEY, data VARBINARY(400), text TEXT) ENGINE = InnoDB;",
                "CREATE TABLE large (n INT PRIMARY KEY, data LONGBLOB) ENGINE = InnoDB;",
            ]
                + stride(from: 1, through: megabytes * 1000, by: 100_000).map { first in
                    """
                    INSERT INTO big SELECT seq, RANDOM_BYTES(300), TO_BASE64(RANDOM_BYTES(480))
                    FROM seq_\(first)_to_\(min(first + 99_999, megabytes * 1000));
                    """
                }
                + (1...Self.objects).map {
                    "INSERT INTO large SELECT \($0), REPEAT(RANDOM_BYTES(1000), 4000);"
                },
            fingerprint: ["CHECKSUM TABLE big, large;"])
    }

    func testALargePostgreSQLDatabaseComesBackAsItWas_T14() throws {
        let megabytes = Self.megabytes
        let text = "string_agg(encode(sha512((g * 16 + i)::text::bytea), 'base64'), '')"
        func sum(_ value: String) -> String { "sum(('x' || substr(md5(\(value)), 1, 15))::bit(60)::bigint)" }
        try prove(
            .postgresql,
            filling: ["CREATE TABLE big (n int PRIMARY KEY, text text);"]
                + stride(from: 1, through: megabytes * 1000, by: 100_000).map { first in
                    """
                    INSERT INTO big SELECT g, (SELECT \(text) FROM generate_series(1, 11) i)
                    FROM generate_series(\(first), \(min(first + 99_999, megabytes * 1000))) g;
                    """
                }
                + [
                    "SELECT lo_from_bytea(0, decode(repeat(md5(g::text), 262144), 'hex')) FROM generate_series(1, \(Self.objects)) g;"
                ],
            fingerprint: [
                "SELECT count(*), \(sum("big::text")) FROM big;",
                "SELECT count(*), \(sum("loid || ' ' || pageno || md5(data)")) FROM pg_largeobject;",
            ])
    }

    private func prove(
        _ engine: DatabaseServer.Engine, filling: [String], fingerprint: [String]
    ) throws {
        let world = try ServerShop(engine, for: self)
        let live = world.database("production")
        try world.shop.run("staging").expect(0)
        try world.shop.promote()
        // What another role owns comes back nowhere.
        let role = engine == .postgresql ? "SET ROLE \"\(live)\"; " : ""
        for statement in filling { try world.sql(role + statement, in: live, deadline: Self.hour) }
        try prove(
            world.shop, engine.rawValue,
            change: { try world.sql("UPDATE big SET text = 'x' WHERE n <= 1000;", in: live) }
        ) {
            try fingerprint.flatMap { try world.sql($0, in: live, deadline: Self.hour) }
                .joined(separator: "\n")
        }
    }

    private func prove(
        _ shop: DeployctlFixture, _ engine: String, change: () throws -> Void,
        fingerprint: () throws -> String
    ) throws {
        let before = try fingerprint()
        let backup = try measured(shop, ["backup", "create", "production"], engine)
        let source = try XCTUnwrap(try shop.backups("production").first).timestamp
        try change()
        XCTAssertNotEqual(try fingerprint(), before, "the change shows")
        let restore = ["backup", "restore", "production", source, "--confirm", "CONFIRM"]
        let restored = try measured(shop, restore, engine)
        XCTAssertEqual(try fingerprint(), before, "what comes back is what was there")
        XCTAssertLessThan(max(backup, restored), 64 << 10, "KiB of memory at most")
    }

    /// Runs deployctl and prints how long it took.
    ///
    /// - Returns: its own peak of memory in KiB, without the programs it runs.
    private func measured(_ shop: DeployctlFixture, _ words: [String], _ engine: String) throws -> Int {
        let started = try shop.start([shop.binary] + words)
        var (peak, run) = (0, ProgramRun?.none)
        _ = eventually(within: Self.hour) {
            peak = max(peak, Self.peak(of: started.pid) ?? 0)
            run = started.ended()
            return run != nil
        }
        guard let run else {
            _ = try started.wait(upTo: 0)
            return peak
        }
        try run.expect(0)
        let seconds = (run.seconds * 10).rounded() / 10
        print(
            "T14 \(engine), \(Self.megabytes) MiB: \(words[1]) in \(seconds) s, \(peak / 1024) MiB of memory"
        )
        return peak
    }

    private static func peak(of pid: Int32) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return nil }
        return Int(line.filter(\.isNumber))
    }
}

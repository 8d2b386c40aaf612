import DeployTestSupport
import Foundation
import XCTest

/// What only a rehearsal can find out in time.
final class RehearsalFaultTests: XCTestCase {
    func testAMigrationAfterWhichNoBackupComesBackIsRefused() throws {
        let shop = try ServerShop(.postgresql, for: self).shop
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(
            version: "two",
            migration: (
                "V0002_report",
                """
                CREATE FUNCTION public.total() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM item';
                CREATE MATERIALIZED VIEW public.report AS SELECT public.total() AS total;

                """
            ))
        try shop.run("staging").expect(0)
        let refused = try shop.run("production", "--confirm", "CONFIRM")
        try refused.expect(15)
        try expect(
            refused.errors.contains("After these migrations no backup could be proved"), refused.errors)
        try expectEqual(try shop.version("production"), "one", "what serves")
    }

    /// `status`: what stands behind the command in the definition.
    private func shop(migratingBy tool: String, status: String = "") throws -> DeployctlFixture {
        let shop = try DeployctlFixture(for: self)
        try shop.replace(
            #"{"directory": "migrations"}"#, with: #"{"command": ["python3", "migrate.py"]\#(status)}"#,
            in: "environments/base.json")
        try shop.write(tool, to: "migrate.py")
        try shop.commit("A migration tool")
        return shop
    }

    func testATwoFacedMigrationToolIsNotBelieved() throws {
        let shop = try shop(migratingBy: Self.tool)
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let refused = try shop.run("production", "--confirm", "CONFIRM")
        try refused.expect(16)
        try expect(refused.errors.contains("the live database changed in the rehearsal"), refused.errors)
        try expect(!refused.errors.contains("was not touched"), refused.errors)
        try expectEqual(try shop.version("production"), "one", "what serves")
    }

    /// No table or column changes, so that only what the tool says of itself beside an unchanged copy tells.
    func testAToolThatChangesOnlyRowsOfTheLiveDatabaseIsNotBelieved() throws {
        let shop = try shop(
            migratingBy: Self.rowsTool, status: #", "status": ["python3", "migrate.py", "--status"]"#)
        let first = try shop.run("staging").expect(0)
        try expect(first.errors.contains("the project's own tool ran, nothing is pending"), first.errors)
        try shop.promote()
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let refused = try shop.run("production", "--confirm", "CONFIRM")
        try refused.expect(16)
        try expect(refused.errors.contains("no row of the copy changed"), refused.errors)
        try expect(refused.errors.contains("the live database changed in the rehearsal"), refused.errors)
        try expectEqual(try shop.version("production"), "one", "what serves")
    }

    func testAToolWhoseStatusDoesNotAgreeIsSaid() throws {
        let shop = try shop(migratingBy: Self.rowsTool, status: #", "status": ["false"]"#)
        let run = try shop.run("staging").expect(0)
        try expect(run.errors.contains("status still says that something is pending"), run.errors)
    }

    /// Keeps what it applied in a table; from its second version on it finds its database by itself.
    private static let rowsTool = """
        import os, sqlite3, sys
        two = open("app/version").read().strip() == "two"
        path = "../../shared/data/app.db" if two else os.environ["DATABASE_URL"][len("sqlite://"):]
        db = sqlite3.connect(path)
        db.execute("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        db.execute("CREATE TABLE IF NOT EXISTS applied_migrations (number INTEGER)")
        have = db.execute("SELECT coalesce(max(number), 0) FROM applied_migrations").fetchone()[0]
        want = 2 if two else 1
        if "--status" in sys.argv: sys.exit(have < want)
        for number in range(have + 1, want + 1):
            db.execute("UPDATE item SET text = upper(text)")
            db.execute("INSERT INTO applied_migrations VALUES (?)", (number,))
        db.commit()
        """

    /// From its second version on it works on the live file, whatever it is given.
    private static let tool = """
        import os, sqlite3
        two = open("app/version").read().strip() == "two"
        path = "../../shared/data/app.db" if two else os.environ["DATABASE_URL"][len("sqlite://"):]
        db = sqlite3.connect(path)
        db.execute("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        if two: db.execute("CREATE TABLE IF NOT EXISTS extra (id INTEGER)")
        db.commit()
        """
}

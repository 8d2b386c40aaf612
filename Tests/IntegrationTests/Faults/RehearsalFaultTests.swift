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

    func testATwoFacedMigrationToolIsNotBelieved() throws {
        let shop = try DeployctlFixture(for: self)
        try shop.replace(
            "{\"directory\": \"migrations\"}", with: "{\"command\": [\"python3\", \"migrate.py\"]}",
            in: "environments/base.json")
        try shop.write(Self.tool, to: "migrate.py")
        try shop.commit("A migration tool")
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

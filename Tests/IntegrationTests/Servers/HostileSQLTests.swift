import DeployTestSupport
import Foundation
import XCTest

/// SQL of a commit reaches its own database, with the rights of the application's user.
final class HostileSQLTests: XCTestCase {
    func testNoMigrationOfMySQLReachesWhatItsUserMayNot_S25() throws {
        let world = try HostileShop(.mysql, for: self)
        let other = world.neighbour
        let attempts = [
            ("a statement", "DELETE FROM \(other).customer;"),
            (
                "a procedure",
                "CREATE PROCEDURE p () SQL SECURITY DEFINER DELETE FROM \(other).customer;\nCALL p ();"
            ),
            (
                "a trigger",
                "CREATE TRIGGER g BEFORE INSERT ON item FOR EACH ROW DELETE FROM \(other).customer;\nINSERT INTO item (text) VALUES ('x');"
            ),
            ("a grant", "GRANT ALL ON *.* TO CURRENT_USER;\nDELETE FROM \(other).customer;"),
            ("an account", "CREATE USER '\(world.intruder)'@'%' IDENTIFIED BY 'x';"),
            ("a file", "SELECT 1 INTO OUTFILE '/tmp/\(world.intruder)';\nDELETE FROM \(other).customer;"),
            (
                "the plan of a swap",
                """
                CREATE TABLE deployctl_swap (number INT PRIMARY KEY, kind VARCHAR(10), text LONGTEXT);
                INSERT INTO deployctl_swap VALUES (1, 'before', 'DELETE FROM \(other).customer;'),
                    (2, 'after', 'DELETE FROM \(other).customer;');
                """
            ),
        ]
        for (what, sql) in attempts { try world.tries(what, sql) }
    }

    func testNothingInADumpOfPostgreSQLRunsAsItsAdministrator_S25() throws {
        let world = try HostileShop(.postgresql, for: self)
        let attempts = [
            ("a check", "CREATE TABLE t (n int CHECK (evil(n)));\nINSERT INTO t VALUES (1);"),
            (
                "a domain",
                "CREATE DOMAIN d AS int CHECK (evil(VALUE));\nCREATE TABLE t (n d);\nINSERT INTO t VALUES (1);"
            ),
            (
                "a generated column",
                "CREATE TABLE t (n int, g bool GENERATED ALWAYS AS (quiet(n)) STORED);\nINSERT INTO t VALUES (1);"
            ),
            ("an index", "CREATE TABLE t (n int);\nCREATE INDEX ON t (quiet(n));\nINSERT INTO t VALUES (1);"),
            (
                "a partition",
                "CREATE TABLE t (n int) PARTITION BY LIST (quiet(n));\nCREATE TABLE u PARTITION OF t DEFAULT;\nINSERT INTO t VALUES (1);"
            ),
            (
                "a materialized view",
                "CREATE TABLE t (n int);\nINSERT INTO t VALUES (1);\nCREATE MATERIALIZED VIEW m AS SELECT evil(n) FROM t;"
            ),
        ]
        for (what, sql) in attempts { try world.tries(what, world.intrusion + sql) }
    }
}

/// A shop on a server where another database lies that is nobody's business.
private final class HostileShop {
    let world: ServerShop
    let neighbour: String
    /// An account that nobody may make.
    let intruder: String
    private var attempts = 0

    init(_ engine: DatabaseServer.Engine, for test: XCTestCase) throws {
        world = try ServerShop(engine, for: test)
        neighbour = "\(world.stem)_neighbour"
        intruder = "\(world.stem)_intruder"
        test.addTeardownBlock { [world, intruder] in
            _ = try world.sql(world.server.removal(ofUser: intruder))
        }
        try world.sql("CREATE DATABASE \(neighbour);")
        try world.sql("CREATE TABLE customer (n INT); INSERT INTO customer VALUES (1);", in: neighbour)
        try world.shop.run("staging").expect(0)
    }

    /// Functions that make an account wherever they run with somebody's rights who may.
    var intrusion: String {
        """
        CREATE FUNCTION evil(n int) RETURNS bool LANGUAGE plpgsql AS $f$ BEGIN
            BEGIN
                EXECUTE 'RESET ROLE';
                EXECUTE 'CREATE ROLE \(intruder)';
            EXCEPTION WHEN OTHERS THEN
            END;
            RETURN true;
        END $f$;
        CREATE FUNCTION quiet(n int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN
            RETURN public.evil(n);
        END $f$;

        """
    }

    /// Deploys it, and has a backup of it taken and proved, as far as that goes; nothing of the neighbour changes.
    func tries(_ what: String, _ sql: String) throws {
        attempts += 1
        let (shop, file) = (world.shop, "migrations/V0100_hostile.sql")
        try shop.write("\(sql)\n", to: file)
        try shop.commit("Try \(what) \(attempts)")
        let run = try shop.run("staging")
        _ = try shop.run("backup", "create", "staging")
        _ = try shop.run("backup", "verify", "staging")
        XCTAssertEqual(
            try world.sql("SELECT n FROM customer;", in: neighbour), ["1"], "\(what)\n\(run.errors)")
        XCTAssertEqual(try world.sql(world.server.users(named: intruder)), [], "\(what)\n\(run.errors)")
        _ = try world.sql(world.server.removal(ofUser: intruder))
    }
}

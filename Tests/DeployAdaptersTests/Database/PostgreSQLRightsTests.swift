import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// What the application made never runs with the administrator's rights.
final class PostgreSQLRightsTests: PostgreSQLFixture {
    private var intruder: String { "\(prefix)_intruder" }
    private var payload: String { "\(folder)/payload.dump.zst" }

    /// Makes a role wherever it runs with the rights to.
    private var evil: String {
        """
        CREATE FUNCTION evil() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN
            BEGIN
                EXECUTE 'RESET ROLE';
                EXECUTE 'CREATE ROLE \(intruder)';
            EXCEPTION WHEN OTHERS THEN
            END;
            RETURN 'x';
        END $f$;

        """
    }

    private func expectNoIntruder(_ what: String) throws {
        XCTAssertEqual(try sql("SELECT 1 FROM pg_roles WHERE rolname = '\(intruder)'"), [], what)
        try sql("DROP ROLE IF EXISTS \(intruder)")
    }

    func testNothingOfADumpRunsAsTheAdministrator_S25() throws {
        let contents = [
            "CREATE FUNCTION f(int) RETURNS bool LANGUAGE sql AS 'SELECT public.evil() IS NOT NULL'; CREATE TABLE t (n int CHECK (f(n))); INSERT INTO t VALUES (1)",
            "CREATE FUNCTION f(int) RETURNS bool LANGUAGE sql AS 'SELECT public.evil() IS NOT NULL'; CREATE DOMAIN d AS int CHECK (f(VALUE)); CREATE TABLE t (n d); INSERT INTO t VALUES (1)",
            "CREATE FUNCTION f(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT public.evil() IS NOT NULL'; CREATE TABLE t (n int, g bool GENERATED ALWAYS AS (f(n)) STORED); INSERT INTO t VALUES (1)",
            "CREATE FUNCTION f(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT public.evil() IS NOT NULL'; CREATE TABLE t (n int) PARTITION BY LIST (f(n)); CREATE TABLE u PARTITION OF t FOR VALUES IN (true); INSERT INTO t VALUES (1)",
            "CREATE TABLE t (n int, v text DEFAULT evil()); INSERT INTO t VALUES (1); ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (evil() IS NOT NULL)",
            "CREATE TABLE t (n int); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT evil(); CREATE MATERIALIZED VIEW m AS SELECT evil()",
        ]
        for content in contents {
            try database.create(live)
            try sql(evil + content, in: live)
            let taken = try database.backUp(live, to: payload).summary
            try expectNoIntruder("backing up \(content)")
            try database.restore(payload, to: location("copy"))
            XCTAssertEqual(try database.summarise(location("copy")).differences(from: taken), [], content)
            try expectNoIntruder("restoring \(content)")
            for location in [live, location("copy")] { try database.remove(location) }
            try FileManager.default.removeItem(atPath: payload)
        }
    }

    /// A cast of a type of its own, and a function that fits better than the server's own one.
    func testNothingOfAMaskedCopyRunsAsTheAdministrator_S25() throws {
        let content = """
            \(evil)
            CREATE TYPE mood AS ENUM ('low', 'high');
            CREATE FUNCTION f(mood) RETURNS text LANGUAGE sql AS 'SELECT public.evil()';
            CREATE CAST (mood AS text) WITH FUNCTION f(mood);
            CREATE FUNCTION json_build_array(text, name, name, name, text) RETURNS json LANGUAGE sql
                AS 'SELECT to_json(public.evil())';
            CREATE FUNCTION json_build_array(text, name, name, name, text, text) RETURNS json LANGUAGE sql
                AS 'SELECT to_json(public.evil())';
            CREATE TABLE t (m mood); INSERT INTO t VALUES ('low');
            """
        for location in [location("original"), location("masked")] {
            try database.create(location)
            try sql(content, in: location)
            try sql("ALTER DATABASE \"\(location.name)\" SET search_path = public, pg_catalog")
        }
        let proof = try database.survivors(
            of: [ColumnName(table: "t", column: "m")], original: location("original"),
            masked: location("masked"))
        XCTAssertEqual(proof.survivors.map(\.rows), [1])
        try expectNoIntruder("comparing")
    }

    /// What `doctor` says an administrator needs is all that is needed.
    func testAnAdministratorOfTheProjectsDatabasesIsEnough() throws {
        let admin = "\(prefix)_adm"
        XCTAssertEqual(try database.cautions(for: live).map(\.subject), ["administrator"])
        try sql("CREATE ROLE \(admin) LOGIN CREATEDB PASSWORD '\(server.password)' IN ROLE \(role)")
        var environment = layout().environment
        environment.database?.admin?.user = admin
        let database = engine(layout: Layout(project: folder, environment: environment))
        XCTAssertEqual(try database.cautions(for: live), [])
        try database.create(live)
        try database.apply(
            MigrationFile(
                name: "1.sql",
                sql:
                    "CREATE TABLE a (n serial, t text); INSERT INTO a VALUES (1, 'x'); CREATE VIEW v AS SELECT * FROM a;"
            ),
            to: live)
        let taken = try database.backUp(live, to: payload).summary
        try database.restore(payload, to: location("next"))
        try database.swap(live, with: location("next"), keeping: location("retired"))
        XCTAssertEqual(try database.summarise(live), taken)
        try database.copy(live, to: location("copy"))
        for location in [location("copy"), location("retired")] { try database.remove(location) }
    }
}

import DeployTestSupport
import Foundation
import XCTest

/// What was made in production by hand keeps every backup from coming back; a migration repairs it.
final class UnprovableTests: XCTestCase {
    func testTheMigrationThatRepairsItIsLetThroughWithAnUnprovedBackup() throws {
        let world = try ServerShop(.postgresql, for: self)
        let shop = world.shop
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("first", to: "production")
        try shop.run("production", "--unproved-backup", "--reason", "x", "--confirm", "CONFIRM").expect(12)
        let user = world.database("production")
        try world.sql(
            """
            CREATE FUNCTION public.total() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM item';
            CREATE MATERIALIZED VIEW public.report AS SELECT public.total() AS total;
            ALTER FUNCTION public.total() OWNER TO \(user);
            ALTER MATERIALIZED VIEW public.report OWNER TO \(user);
            """, in: user)
        try shop.commit(
            version: "two",
            migration: (
                "V0002_repair",
                "DROP MATERIALIZED VIEW IF EXISTS report; DROP FUNCTION IF EXISTS total();\n"
            ))
        try shop.run("staging").expect(0)
        let refused = try shop.run("production", "--confirm", "CONFIRM").expect(14).expectExplained()
        XCTAssertTrue(refused.errors.contains("--unproved-backup --reason TEXT"), refused.errors)

        let words = ["production", "--unproved-backup", "--reason", "repair", "--confirm"]
        let repaired = try shop.run(words + ["CONFIRM"]).expect(0)
        XCTAssertTrue((repaired.output + repaired.errors).contains("no proved backup is possible"))
        XCTAssertEqual(try shop.world("production"), World(version: "two", items: ["first"]))
        try shop.run("backup", "create", "production").expect(0)
        try shop.run(words + ["CONFIRM"]).expect(12, "a proof succeeded since")
    }
}

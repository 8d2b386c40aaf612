import DeployTestSupport
import Foundation
import XCTest

/// A service may answer well at its health path and have no database any more.
final class DeniedDatabaseTests: XCTestCase {
    func testStatusNamesARoleThatMayNotLogInAndADatabaseThatWasDropped() throws {
        let world = try ServerShop(.postgresql, for: self)
        let (shop, database) = (world.shop, world.database("staging"))
        try shop.run("staging").expect(0)
        try shop.run("status", "staging").expect(0)
        try world.sql("ALTER ROLE \(database) NOLOGIN;")
        let denied = try shop.run("status", "staging").expect(19)
        XCTAssertTrue(denied.output.contains("does not get its database"), denied.output)
        try world.sql("ALTER ROLE \(database) LOGIN;")
        try shop.run("status", "staging").expect(0)
        try world.sql("DROP DATABASE \(database) WITH (FORCE);")
        let dropped = try shop.run("status", "staging", "--json").expect(19)
        XCTAssertTrue(dropped.output.contains("does not exist: deployctl staging\""), dropped.output)
        XCTAssertFalse(dropped.output.contains("deployctl rollback"), dropped.output)
        try shop.run("staging").expect(0)
        try shop.run("status", "staging").expect(0)
    }

    /// Nothing that goes back needs the part that is sick, and nothing is said of it that nobody saw.
    func testCodeAloneGoesBackWhileTheDatabaseIsAwayAndTheReleasesSayWhatItHas() throws {
        let world = try ServerShop(.postgresql, for: self)
        let (shop, database) = (world.shop, world.database("staging"))
        try shop.replace(
            ", \"fresh\": {\"from\": \"migrations\"}", with: "", in: "environments/staging.json")
        try shop.commit("Keep staging's data")
        try shop.run("staging").expect(0)
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        let back = [
            "rollback", "previous", "--environment", "staging", "--code-only", "--confirm", "CONFIRM",
        ]
        try world.sql("ALTER DATABASE \(database) ALLOW_CONNECTIONS false;")
        try shop.run(back).expect(0)
        try world.sql("ALTER DATABASE \(database) ALLOW_CONNECTIONS true;")

        try shop.commit(["migrations/V9000_more.sql": "CREATE TABLE more (id INTEGER PRIMARY KEY);"])
        let migrated = try shop.run("staging").expect(0)
        let way = "--code-only --environment staging --reason TEXT"
        XCTAssertTrue(migrated.errors.contains("code alone on the new schema"), migrated.errors)
        XCTAssertTrue(migrated.errors.contains(way), migrated.errors)
        let known = try shop.run(back).expect(12)
        XCTAssertTrue(known.errors.contains("the database has V9000_more.sql"), known.errors)
        XCTAssertFalse(known.errors.contains("for code and data"), known.errors)
        try world.sql("ALTER DATABASE \(database) ALLOW_CONNECTIONS false;")
        let unknown = try shop.run(back).expect(12)
        XCTAssertTrue(unknown.errors.contains("what served here has V9000_more.sql"), unknown.errors)
        let whole = try shop.run(back.filter { $0 != "--code-only" }).expect(17)
        XCTAssertTrue(whole.errors.contains(way), whole.errors)
        try shop.run(back + ["--reason", "the database is away"]).expect(0)
        try world.sql("ALTER DATABASE \(database) ALLOW_CONNECTIONS true;")
    }

    func testAMySQLPasswordThatWasChangedIsToldAlikeEverywhere() throws { try changedPassword(.mysql) }

    func testAPostgreSQLPasswordThatWasChangedIsToldAlikeEverywhere() throws {
        try changedPassword(.postgresql)
    }

    private func changedPassword(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let shop = world.shop
        // A service that is not healthy without its database.
        try shop.replace(
            "return int(text(\"health\")), {}", with: "ask(\"SELECT 1;\"); return int(text(\"health\")), {}",
            in: "app/server.py")
        try shop.replace("\"timeout\": \"10s\"", with: "\"timeout\": \"6s\"", in: "environments/base.json")
        try shop.commit("Ask the database at the health path")
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try world.sql(world.server.change(of: world.database("production"), "another-password"))

        let way = "deployctl secret set production database.password, then deployctl restart production"
        for (command, code) in [
            (["production", "--confirm", "CONFIRM"], 12), (["plan", "production"], 12),
            (["restart", "production"], 15), (["backup", "create", "production"], 14),
        ] as [([String], Int32)] {
            let refused = try shop.run(command).expect(code)
            XCTAssertTrue(refused.errors.contains(way), "\(command): \(refused.errors)")
        }
        let live = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(live.errors.contains("unchanged, but service web answers 500"), live.errors)
        let doctor = try shop.run("doctor").expect(19)
        XCTAssertTrue(doctor.output.contains(way), doctor.output)
        let status = try shop.run("status").expect(19)
        XCTAssertTrue(status.output.contains(way), status.output)
        XCTAssertFalse(status.output.contains("promotion  ready"), status.output)

        try shop.write("another-password", to: ".secrets/production")
        chmod("\(shop.project)/.secrets/production", 0o600)
        try shop.run("restart", "production").expect(0)
        try shop.promote()
    }

    func testAFreshMySQLDatabaseIsNotBegunForAnAccountThatIsNotLetIn() throws { try fresh(.mysql) }

    func testAFreshPostgreSQLDatabaseIsNotBegunForARoleThatIsNotLetIn() throws { try fresh(.postgresql) }

    private func fresh(_ engine: DatabaseServer.Engine) throws {
        let world = try ServerShop(engine, for: self)
        let (shop, user) = (world.shop, world.database("staging"))
        try world.sql(world.server.change(of: user, "another-password"))
        for way in ["secret set staging database.password", engine == .mysql ? "CREATE USER" : "createuser"] {
            let refused = try shop.run("staging").expect(12)
            XCTAssertTrue(refused.errors.contains(way), refused.errors)
            XCTAssertTrue(refused.errors.contains("nothing was changed"), refused.errors)
            XCTAssertFalse(refused.errors.contains("deployctl restart"), refused.errors)
            let doctor = try shop.run("doctor").expect(19)
            XCTAssertTrue(doctor.output.contains(way), doctor.output)
            try world.sql(world.server.removal(ofUser: user))
        }
        XCTAssertEqual(try world.databases(), [])
        try world.sql(world.server.creation(of: user, "another-password"))
        try shop.write("another-password", to: ".secrets/staging")
        chmod("\(shop.project)/.secrets/staging", 0o600)
        try shop.run("staging").expect(0)
        try world.sql(world.server.change(of: user, "a-third-password"))
        try shop.commit(version: "two")
        try shop.run("plan", "staging").expect(12)
    }

    /// MariaDB refuses a right password with a wrong one's words where it wants encryption that it does not offer.
    func testAnAccountThatWantsEncryptionIsToldOnce() throws {
        let world = try ServerShop(.mysql, for: self)
        let (shop, user) = (world.shop, world.database("production"))
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(version: "two")
        try shop.run("staging").expect(0)
        try world.sql("ALTER USER '\(user)'@'%' REQUIRE SSL;")
        let refused = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(refused.errors.contains("the server offers no encryption"), refused.errors)
        XCTAssertTrue(refused.errors.contains("REQUIRE NONE"), refused.errors)
        let status = try shop.run("status").expect(19).output
        XCTAssertEqual(status.components(separatedBy: "REQUIRE NONE").count, 2, "told once: \(status)")
        XCTAssertTrue(status.contains("as said above"), status)
        XCTAssertTrue(status.contains("the migrations could not be read: ERROR 1045"), status)
        XCTAssertFalse(status.contains("drift"), status)
        try world.sql("ALTER USER '\(user)'@'%' REQUIRE NONE;")
        try shop.promote()
    }

    func testWhereNobodyElseIsLetInNothingBeginsAndNothingIsAlarmed() throws {
        let world = try ServerShop(.postgresql, for: self)
        let (shop, role) = (world.shop, world.database("production"))
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(
            version: "two", migration: ("V0002_price", "ALTER TABLE item ADD COLUMN price int;\n"))
        try shop.run("staging").expect(0)
        try world.sql("ALTER ROLE \(role) CONNECTION LIMIT 0;")
        let refused = try shop.run("production", "--confirm", "CONFIRM").expect(12)
        XCTAssertTrue(refused.errors.contains("too many connections"), refused.errors)
        XCTAssertTrue(refused.errors.contains("ALTER ROLE \"\(role)\" CONNECTION LIMIT -1"), refused.errors)
        try shop.run("status", "production").expect(0)
        try world.sql("ALTER ROLE \(role) CONNECTION LIMIT -1;")
        try shop.promote()
    }

    func testAServerThatIsDownRefusesBeforeAnyChange() throws {
        let world = try ServerShop(.postgresql, for: self)
        let shop = world.shop
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.commit(version: "two")
        let nobody = try HTTP.freePort()
        for name in ["staging", "production"] {
            try shop.replace(
                "\"port\": \(world.server.port)", with: "\"port\": \(nobody)", in: "environments/\(name).json"
            )
        }
        try shop.commit("Move the server")
        let refused = try shop.run("staging").expect(12)
        XCTAssertTrue(refused.errors.contains("start the database server"), refused.errors)
        XCTAssertTrue(refused.errors.contains("nothing was changed"), refused.errors)
        try shop.run("abort", "staging").expect(0)
        let status = try shop.run("status")
        XCTAssertFalse(status.output.contains("promotion  ready"), status.output)
    }
}

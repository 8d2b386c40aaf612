import DeployTestSupport
import Foundation
import XCTest

/// An administrator who may not do what backups and restores need is told of before, with the line that mends it.
final class MissingRightsTests: XCTestCase {
    func testAPostgreSQLAdministratorWithoutRightsIsFoundAndTheLinesMendIt() throws {
        let world = try ServerShop(.postgresql, for: self)
        let admin = try world.keeper()
        for name in ["staging", "production"] { try world.sql("GRANT \(world.database(name)) TO \(admin);") }
        try world.sql("ALTER ROLE \(admin) CREATEDB;")
        try deploy(world)

        try world.sql("ALTER ROLE \(admin) NOCREATEDB;")
        try world.sql("ALTER ROLE \(admin) SET default_transaction_read_only = on;")
        let doctor = try world.shop.run("doctor").expect(19)
        XCTAssertTrue(doctor.output.contains("it is read-only"), doctor.output)
        try world.sql("ALTER ROLE \(admin) RESET default_transaction_read_only;")
        try refused(world, "ALTER ROLE \"\(admin)\" CREATEDB")
        try world.sql("ALTER ROLE \"\(admin)\" CREATEDB;")
        try world.sql("REVOKE \(world.database("production")) FROM \(admin);")
        try refused(world, "GRANT \"\(world.database("production"))\" TO \"\(admin)\"")
        try world.sql("GRANT \"\(world.database("production"))\" TO \"\(admin)\";")
        try settled(world)
    }

    func testAMySQLAdministratorWithoutRightsIsFoundAndTheLinesMendIt() throws {
        let world = try ServerShop(.mysql, for: self)
        let admin = try world.keeper()
        for name in ["staging", "production"] { try world.sql(grants(world.database(name), admin)) }
        try deploy(world)

        let pattern = world.database("production").replacingOccurrences(of: "_", with: "\\_")
        try world.sql("REVOKE ALL PRIVILEGES, GRANT OPTION FROM '\(admin)'@'%';")
        try world.sql(grants(world.database("staging"), admin))
        try refused(
            world, "GRANT ALL PRIVILEGES ON `\(pattern)\\_\\_%`.* TO `\(admin)`@`%` WITH GRANT OPTION")
        try world.sql(grants(world.database("production"), admin))
        try settled(world)
    }

    private func grants(_ database: String, _ admin: String) -> String {
        """
        GRANT ALL PRIVILEGES ON `\(database.replacingOccurrences(of: "_", with: "\\_"))%`.* TO `\(admin)`@`%` WITH GRANT OPTION;
        GRANT SELECT ON mysql.* TO `\(admin)`@`%`; GRANT RELOAD, PROCESS, CONNECTION ADMIN ON *.* TO `\(admin)`@`%`;
        """
    }

    private func deploy(_ world: ServerShop) throws {
        try world.shop.run("staging").expect(0)
        try world.shop.promote()
        try settled(world)
    }

    private func refused(_ world: ServerShop, _ line: String) throws {
        let doctor = try world.shop.run("doctor").expect(19)
        XCTAssertTrue(doctor.output.contains(line), doctor.output)
        let backup = try world.shop.run("backup", "create", "production").expect(14)
        XCTAssertTrue(backup.errors.contains(line), backup.errors)
    }

    private func settled(_ world: ServerShop) throws {
        let doctor = try world.shop.run("doctor").expect(0)
        XCTAssertFalse(doctor.output.contains("refused"), doctor.output)
        try world.shop.run("backup", "create", "production").expect(0)
    }
}

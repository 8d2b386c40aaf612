import DeployTestSupport
import Foundation
import XCTest

/// An administrator makes what a definition names on its server; the application's own account logs in afterwards.
final class PreparedDatabaseTests: XCTestCase {
    func testPostgreSQLIsPreparedAndDeployedTo() throws {
        try tell(try UnpreparedServer(.postgresql, for: self), secret: "database.admin.password")
    }

    /// An account that makes its databases itself has no right on the whole server, and on no database named alike.
    func testMySQLIsPreparedAndDeployedToWithoutARightOnTheServer() throws {
        let one = try UnpreparedServer(.mysql, isAlone: true, for: self)
        for environment in ["staging", "production"] { try one.forget(environment) }
        try tell(one, secret: "database.password")
        let name = one.world.database("production")
        let accounts = try one.accounts().filter { $0.hasPrefix(name) }
        try expectEqual(
            accounts, ["127.0.0.1", "::1", "localhost"].map { "\(name)@\($0)" }, "where it comes from")
        for account in accounts {
            let rights = try one.grants(account).filter { $0.contains("*.*") }
            try expect(rights.allSatisfy { $0.hasPrefix("GRANT USAGE ON *.* ") }, "\(account): \(rights)")
        }
        try one.world.sql("CREATE DATABASE \(name)x;")
        let own = try one.world.shop.runProgram(
            [
                "mariadb", "--no-defaults", "--protocol=TCP", "--host=\(one.server.host)",
                "--port=\(one.server.port)",
                "--user=\(name)", "--batch", "--skip-column-names", "--execute=SHOW DATABASES",
            ],
            environment: ["MYSQL_PWD": try one.shop.read(".secrets/production")]
        ).expect(0).output
        try expect(own.contains(name) && !own.contains("\(name)x"), own)
    }

    /// Who makes databases for the application ends its connections, which each product has another word for.
    func testMySQLsKeeperGetsWhatDoctorAsksFor() throws {
        let one = try UnpreparedServer(.mysql, for: self)
        try one.prepare("staging").expect(0)
        let rights = try one.grants("\(one.keeper("staging"))@localhost").filter { $0.contains("*.*") }
        try expect(rights.contains { $0.contains("CONNECTION ADMIN") }, "\(rights)")
        let application = try one.grants("\(one.world.database("staging"))@localhost")
        try expectEqual(application.count, 2, "\(application)")
    }

    /// Everybody would be let in as it.
    func testMySQLGetsNoAccountWithoutAPassword() throws {
        let one = try UnpreparedServer(.mysql, for: self)
        let keys = ["database.password": "staging", "database.admin.password": "staging-admin"]
        for (key, file) in keys.sorted(by: { $0.key > $1.key }) {
            let source = "\"password\": {\"file\": \".secrets/\(file)\"}"
            let text = try take(source, from: one)
            try one.expectRefused(10, "names no \(key)", "an account without one")
            try one.shop.write(text, to: "environments/staging.json")
        }
    }

    /// The definition without that; what it was.
    private func take(_ source: String, from one: UnpreparedServer) throws -> String {
        let text = try one.shop.read("environments/staging.json")
        let comma = text.contains("\(source),") ? "\(source)," : ", \(source)"
        try one.change("staging", comma, to: "")
        return text
    }

    private func tell(_ one: UnpreparedServer, secret: String) throws {
        let (shop, world) = (one.shop, one.world)
        for environment in ["staging", "production"] {
            let made = try one.prepare(environment).expect(0)
            try expect(made.output.contains("\(secret) of \(environment) got"), made.output)
            let file = secret == "database.password" ? environment : "\(environment)-admin"
            let value = try shop.read(".secrets/\(file)")
            try expect(!(made.output + made.errors).contains(value), "the password is not shown")
            try expect(made.output.contains("\(environment) gets its database now"), made.output)
            let before = try one.everything()
            let again = try one.prepare(environment).expect(0)
            try expect(again.output.contains("Nothing to do"), again.output)
            try expectEqual(try one.everything(), before, "the second time")
        }
        try expect(try world.databases().contains(world.database("staging")), "the database is there")
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("kept", to: "production")
        try expectEqual(try shop.items("production"), ["kept"], "the data")
        try shop.run("backup", "create", "production").expect(0)
    }

    func testPrintingChangesNothingAndShowsNoPassword() throws {
        for (engine, line) in [
            (DatabaseServer.Engine.postgresql, "\\password \""),
            (.mysql, "@`::1` IDENTIFIED BY 'PASSWORD'"),
        ] {
            let one = try UnpreparedServer(engine, for: self)
            let before = try one.everything()
            let printed = try one.shop.run("database", "prepare", "production", "--print").expect(0).output
            try expect(printed.contains(line), printed)
            try expect(printed.contains("CREATE DATABASE"), printed)
            try expect(!printed.contains("hush"), printed)
            try expectEqual(try one.everything(), before, "nobody was made")
        }
    }
}

import DeployTestSupport
import Foundation
import XCTest

/// An administrator's account makes what a definition names on its server; the application's own logs in afterwards.
final class PreparedDatabaseTests: XCTestCase {
    /// Its accounts were removed again, and nobody but the server's superuser knows of it.
    private func bare(_ engine: DatabaseServer.Engine, ownAdmin: Bool) throws -> (ServerShop, socket: String)
    {
        let variable = engine == .mysql ? "TB_MARIADB_SOCKET" : "TB_POSTGRES_SOCKET_DIR"
        guard let socket = ProcessInfo.processInfo.environment[variable] else { throw lacking(variable) }
        let world = try ServerShop(engine, for: self)
        for environment in ["staging", "production"] {
            try world.sql(world.server.removal(ofUser: world.database(environment)))
            let file = "environments/\(environment).json"
            let admin = "\"admin\": {\"user\": \"\(world.server.user)\""
            try world.shop.replace(
                admin, with: "\"admin\": {\"user\": \"\(keeper(environment, world))\"", in: file)
            guard ownAdmin else { continue }
            try FileManager.default.removeItem(
                atPath: "\(world.shop.project)/.secrets/\(environment)-admin")
        }
        try world.shop.commit("Let a keeper look after the databases")
        addTeardownBlock { try? self.removeAccounts(world) }
        return (world, socket)
    }

    private func keeper(_ environment: String, _ world: ServerShop) -> String {
        "\(world.stem)_keeper_\(environment)"
    }

    private func removeAccounts(_ world: ServerShop) throws {
        for environment in ["staging", "production"] {
            for name in [keeper(environment, world), world.database(environment)] {
                guard world.server.engine == .mysql else {
                    if name != world.database(environment) {
                        try world.sql(world.server.removal(ofUser: name))
                    }
                    continue
                }
                try world.sql("DROP USER IF EXISTS '\(name)'@'localhost', '\(name)'@'127.0.0.1';")
            }
        }
    }

    func testPostgreSQLIsPreparedAndDeployedTo() throws { try prepare(.postgresql) }

    func testMySQLIsPreparedAndDeployedTo() throws { try prepare(.mysql) }

    private func prepare(_ engine: DatabaseServer.Engine) throws {
        let (world, socket) = try bare(engine, ownAdmin: true)
        let shop = world.shop
        for environment in ["staging", "production"] {
            let words = ["database", "prepare", environment, "--socket", socket]
            let made = try shop.run(words).expect(0)
            try expect(made.output.contains("database.admin.password of \(environment) got"), made.output)
            let keeper = try shop.read(".secrets/\(environment)-admin")
            try expect(!(made.output + made.errors).contains(keeper), "the password is not shown")
            try expect(made.output.contains("\(environment) gets its database now"), made.output)
            let again = try shop.run(words).expect(0)
            try expect(again.output.contains("Nothing to do"), again.output)
        }
        try expect(try world.databases().contains(world.database("staging")), "the database is there")
        try shop.run("staging").expect(0)
        try shop.promote()
        try shop.post("kept", to: "production")
        try expectEqual(try shop.items("production"), ["kept"], "the data")
        try shop.run("backup", "create", "production").expect(0)
    }

    func testWhatIsThereKeepsItsPasswordAndItsOwner() throws {
        let (world, socket) = try bare(.postgresql, ownAdmin: true)
        try world.sql("CREATE ROLE \(world.database("staging")) LOGIN PASSWORD 'another';")
        let shut = try world.shop.run("database", "prepare", "staging", "--socket", socket).expect(15)
        try expect(shut.errors.contains("password authentication failed"), shut.errors)
        try world.sql("CREATE DATABASE \(world.database("production"));")
        let foreign = try world.shop.run("database", "prepare", "production", "--socket", socket).expect(15)
        try expect(foreign.errors.contains("belongs to \(world.server.user)"), foreign.errors)
        try expectEqual(try world.sql(world.server.users(named: world.database("production"))), [], "no role")
    }

    func testPrintingChangesNothingAndShowsNoPassword() throws {
        for (engine, line) in [
            (DatabaseServer.Engine.postgresql, "\\password \""), (.mysql, "IDENTIFIED BY 'PASSWORD';"),
        ] {
            let (world, _) = try bare(engine, ownAdmin: false)
            let name = world.database("production")
            let printed = try world.shop.run("database", "prepare", "production", "--print").expect(0).output
            try expect(printed.contains(line), printed)
            try expect(printed.contains("CREATE DATABASE"), printed)
            try expect(!printed.contains("hush"), printed)
            try expectEqual(try world.sql(world.server.users(named: name)), [], "nobody was made")
        }
    }

    func testHostileNamesAreNames() throws {
        for engine in [DatabaseServer.Engine.postgresql, .mysql] {
            let (world, socket) = try bare(engine, ownAdmin: true)
            let (user, quote) = (world.database("staging"), engine == .postgresql ? "\\\"" : "`")
            let name = "\(user)\(quote)'; DROP x --"
            try world.shop.replace(
                "\"user\": \"\(user)\"", with: "\"user\": \"\(name)\"", in: "environments/staging.json")
            let run = try world.shop.run("database", "prepare", "staging", "--socket", socket)
            let plain = name.replacingOccurrences(of: "\\\"", with: "\"")
            // Either the definition refuses the name, or the server has exactly this one.
            if run.status == 10 { continue }
            try run.expect(0)
            let quoted = plain.replacingOccurrences(of: "'", with: "''")
            try expectEqual(try world.sql(world.server.users(named: quoted)).first, plain, "\(engine)")
            for database in try world.databases() { try world.sql(world.server.removal(of: database)) }
            try world.sql(
                engine == .postgresql
                    ? "DROP ROLE \"\(plain.replacingOccurrences(of: "\"", with: "\"\""))\";"
                    : "DROP USER '\(quoted)'@'localhost', '\(quoted)'@'127.0.0.1';")
        }
    }
}

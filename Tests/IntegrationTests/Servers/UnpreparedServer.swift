import DeployTestSupport
import Foundation
import XCTest

/// The shop before anybody made its accounts on its server: `stem_staging`, and, unless it is alone, `stem_keeper_staging`.
struct UnpreparedServer {
    let world: ServerShop
    private let socket: String

    var shop: DeployctlFixture { world.shop }
    var server: DatabaseServer { world.server }

    /// `isAlone`: the application's own account makes databases too.
    init(_ engine: DatabaseServer.Engine, isAlone: Bool = false, for test: XCTestCase) throws {
        let variable = engine == .mysql ? "TB_MARIADB_SOCKET" : "TB_POSTGRES_SOCKET_DIR"
        guard let socket = ProcessInfo.processInfo.environment[variable] else { throw lacking(variable) }
        (self.socket, world) = (socket, try ServerShop(engine, for: test))
        let whole = self
        test.addTeardownBlock { try whole.removeAll() }
        for environment in ["staging", "production"] {
            try world.sql(server.removal(ofUser: world.database(environment)))
            let admin =
                "\"admin\": {\"user\": \"\(server.user)\", \"password\": {\"file\": \".secrets/\(environment)-admin\"}}"
            let keeper = admin.replacingOccurrences(of: server.user, with: keeper(environment))
            try change(environment, isAlone ? ",\n  \(admin)" : admin, to: isAlone ? "" : keeper)
            try forget("\(environment)-admin")
        }
        try shop.commit("Let the server be prepared")
    }

    func keeper(_ environment: String) -> String { "\(world.stem)_keeper_\(environment)" }

    /// Of an environment's definition.
    func change(_ environment: String, _ old: String, to new: String) throws {
        try shop.replace(old, with: new, in: "environments/\(environment).json")
    }

    func forget(_ secret: String) throws {
        try FileManager.default.removeItem(atPath: "\(shop.project)/.secrets/\(secret)")
    }

    func prepare(_ environment: String) throws -> ProgramRun {
        try shop.run("database", "prepare", environment, "--socket", socket)
    }

    /// Refused with this code and these words, and nothing is another than before, here and on the server.
    func expectRefused(_ code: Int32, _ words: String, _ claim: String) throws {
        let before = (try everything(), shop.names(in: ".secrets"))
        let run = try prepare("staging").expect(code, claim)
        try expect(run.errors.contains(words), "\(claim): \(run.errors)")
        try expectEqual(try everything(), before.0, "\(claim): the server")
        try expectEqual(shop.names(in: ".secrets"), before.1, "\(claim): secrets")
    }

    /// Accounts, their rights and databases of this test.
    func everything() throws -> [String] {
        switch server.engine {
        case .mysql:
            let own = "LEFT(user, \(world.stem.count)) = '\(world.stem)'"
            return try world.databases()
                + world.sql(
                    """
                    SELECT user, host, authentication_string FROM mysql.user WHERE \(own) ORDER BY 1, 2;
                    SELECT * FROM mysql.db WHERE \(own) ORDER BY user, host, db;
                    SELECT * FROM information_schema.user_privileges WHERE grantee LIKE '\\'\(world.stem)%' ORDER BY 1, 3;
                    """)
        case .postgresql:
            return try world.sql(
                """
                SELECT rolname, rolcanlogin, rolcreatedb, rolpassword FROM pg_authid
                    WHERE starts_with(rolname, '\(world.stem)') ORDER BY 1;
                SELECT roleid::regrole, member::regrole FROM pg_auth_members
                    WHERE starts_with(roleid::regrole::text, '\(world.stem)') ORDER BY 1, 2;
                SELECT datname, datdba::regrole FROM pg_database WHERE starts_with(datname, '\(world.stem)') ORDER BY 1;
                """)
        }
    }

    /// Accounts of MySQL's, as `user@host`.
    func accounts() throws -> [String] {
        try world.sql(
            "SELECT CONCAT(user, '@', host) FROM mysql.user WHERE LEFT(user, \(world.stem.count)) = '\(world.stem)' ORDER BY 1;"
        )
    }

    /// What an account of MySQL's may do.
    func grants(_ account: String) throws -> [String] {
        let parts = account.split(separator: "@")
        return try world.sql("SHOW GRANTS FOR '\(parts[0])'@'\(parts[1])';")
    }

    private func removeAll() throws {
        for name in try world.databases() { try world.sql(server.removal(of: name)) }
        switch server.engine {
        case .mysql:
            for account in try accounts() {
                let parts = account.split(separator: "@").map {
                    "'\($0.replacingOccurrences(of: "'", with: "''"))'"
                }
                try world.sql("DROP USER \(parts[0])@\(parts[1]);")
            }
        case .postgresql:
            let roles =
                "SELECT quote_ident(rolname) FROM pg_roles WHERE starts_with(rolname, '\(world.stem)');"
            for role in try world.sql(roles) { try world.sql("DROP ROLE \(role);") }
        }
    }
}

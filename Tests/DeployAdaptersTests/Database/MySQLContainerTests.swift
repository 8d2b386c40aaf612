import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A server that is reached only by the clients inside its container.
final class MySQLContainerTests: DatabaseContract {
    private static let container = Result {
        var definition = Environment.Database(engine: .mysql)
        (definition.name, definition.user) = ("shop", "app")
        definition.admin = .init(user: "root")
        let password = "pa ss#word"
        let secrets = ["DATABASE_ADMIN_PASSWORD": password, "DATABASE_PASSWORD": "its own"]
        var environment = Environment(name: "staging", project: "shop")
        environment.database = definition
        environment.database?.service = "database"
        let access = ServerAccess(
            Layout(project: "/", environment: environment),
            commands: ProcessCommandRunner(interruption: FakeInterruption()), secrets: FixedSecrets(),
            files: LocalFileStore())
        let client = try XCTUnwrap(MySQLApplicationDatabase(access).clientFile(secrets))
        let container = try DatabaseContainer("mysql:8.0", definition) { folder in
            let files = LocalFileStore()
            try files.publish(Data(client.text.utf8), to: "\(folder)/client.cnf")
            try files.publish(Data(password.utf8), to: "\(folder)/password")
            for (path, mode) in [("/password", 0o444), ("", 0o755)] {
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode], ofItemAtPath: folder + path)
            }
            return [
                "--volume", "\(folder)/client.cnf:\(MySQLOptionFile.pathInContainer):ro",
                "--volume", "\(folder)/password:/run/secrets/password:ro",
                "--env", "MYSQL_ROOT_PASSWORD_FILE=/run/secrets/password",
            ]
        }
        let engine = container.engine(FixedSecrets())
        XCTAssertTrue(eventually(within: 60) { (try? engine.exists(DatabaseLocation("mysql"))) == true })
        XCTAssertTrue(
            container.runs(
                "mysql", "--defaults-file=\(MySQLOptionFile.pathInContainer)", "--execute",
                "CREATE USER 'app'@'%' IDENTIFIED BY 'its own'"))
        return container
    }

    override func tearDown() { removeDatabases() }

    override class func tearDown() { try? container.get().remove() }

    override func makeWorld() throws -> World {
        World(
            database: try Self.container.get().engine(FixedSecrets()), root: try makeTestFolder(),
            live: DatabaseLocation("shop"), undoesSchemas: false)
    }

    func testNoCredentialsAreOnThisMachine() throws {
        let console = try world.database.console(world.live).command
        XCTAssertEqual(
            Array(console.arguments.prefix(2)), ["exec", isatty(0) == 1 && isatty(1) == 1 ? "-it" : "-i"])
        let own = "\(try Self.container.get().folder)/.deployctl/staging"
        XCTAssertFalse(LocalFileStore().names(in: own).contains("clients"))
    }

    func testAMigrationStartsFewClients() throws {
        let world = try self.world
        try world.database.create(world.live)
        let started = try Self.container.get().programs {
            try world.database.apply(
                MigrationFile(name: "0001_a.sql", sql: "CREATE TABLE a (n INT PRIMARY KEY);"), to: world.live)
        }
        XCTAssertEqual(started, 4, "one as the application, one to ask, one for the size, one for the rows")
    }
}

import DeployAdapters
import DeployCore
import DeployTestSupport
import Foundation
import XCTest

/// A server that is reached only by the clients inside its container.
final class MySQLContainerTests: XCTestCase {
    func testTheServerOfAComposeServiceKeepsTheContract() throws {
        let runner = ProcessCommandRunner(interruption: FakeInterruption())
        let folder = try makeTestFolder()
        let name = "dct\(UInt32.random(in: .min ... .max))"
        let password = "pa ss#word"
        let credentials = "\(folder)/client.cnf"
        try LocalFileStore().publish(
            Data(MySQLOptionFile.text(user: "root", password: password).utf8), to: credentials)
        try LocalFileStore().publish(Data(password.utf8), to: "\(folder)/password")
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: "\(folder)/password")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
        let arguments =
            ["run", "--detach", "--rm", "--name", name, "--hostname", name, "--pull", "never"]
            + ["project=\(name)", "environment=staging", "service=database"].flatMap {
                ["--label", "deployctl.\($0)"]
            }
            + [
                "--volume", "\(credentials):\(MySQLOptionFile.pathInContainer):ro",
                "--volume", "\(folder)/password:/run/secrets/password:ro",
                "--env", "MYSQL_ROOT_PASSWORD_FILE=/run/secrets/password", "mysql:8.0",
            ]
        let started = runner.run(CommandRequest(Command("docker", arguments), deadline: .seconds(60)))
        guard started.succeeded else {
            throw lacking("Docker engine with mysql:8.0: \(started.errors)")
        }
        addTeardownBlock {
            _ = runner.run(CommandRequest(Command("docker", ["rm", "--force", "--volumes", name])))
        }
        var environment = Environment(name: "staging", project: name)
        environment.runtime = .init(kind: .compose, file: "compose.yml")
        environment.database = .init(engine: .mysql)
        environment.database?.service = "database"
        environment.database?.name = "shop"
        let engine = ApplicationDatabases(
            commands: runner, secrets: LocalSecretStore(project: folder, commands: runner),
            files: LocalFileStore()
        ).engine(for: Layout(project: folder, environment: environment))
        XCTAssertTrue(eventually(within: 60) { (try? engine.exists(DatabaseLocation("mysql"))) == true })
        try checkApplicationDatabaseContract(engine, root: folder, transactionalSchema: false) {
            DatabaseLocation($0)
        }
        try checkSwap(engine)
        let console = try engine.console(DatabaseLocation("shop")).command
        XCTAssertEqual(Array(console.arguments.prefix(2)), ["exec", "-it"])
        XCTAssertFalse(
            LocalFileStore().names(in: folder).contains(".deployctl"), "no credentials on the host")
    }

    private func checkSwap(_ engine: any ApplicationDatabase) throws {
        let (live, next) = (DatabaseLocation("shop"), DatabaseLocation("shop__20260101000001"))
        let retired = DatabaseLocation("shop__20260101000001_retired")
        for (location, sql) in [(live, "CREATE TABLE old (n INT)"), (next, "CREATE TABLE new (n INT)")] {
            try engine.create(location)
            try engine.apply(MigrationFile(name: "1.sql", sql: sql), to: location)
        }
        let (before, after) = (try engine.summarise(live), try engine.summarise(next))
        try engine.swap(live, with: next, keeping: retired)
        XCTAssertEqual(try engine.summarise(live), after)
        XCTAssertEqual(try engine.summarise(retired), before)
        XCTAssertEqual(try engine.siblings(of: live), [retired])
        try engine.copy(live, to: DatabaseLocation("shop__20260101000002_reader"))
    }
}

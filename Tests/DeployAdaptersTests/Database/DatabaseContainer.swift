import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A server that is reached only by the clients inside its container, for all tests of a class.
struct DatabaseContainer {
    let name: String
    /// Outside of every test's own folder.
    let folder: String
    let definition: Environment.Database

    /// Starts one, labelled as the service `database` of environment staging of a project of its own name.
    init(
        _ image: String, _ definition: Environment.Database,
        _ options: (_ folder: String) throws -> [String]
    ) throws {
        name = "dct-\(getpid())-\(UInt32.random(in: .min ... .max))"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        var definition = definition
        definition.service = "database"
        self.definition = definition
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let labels = ["project=\(name)", "environment=staging", "service=database"].flatMap {
            ["--label", "deployctl.\($0)"]
        }
        let started = Self.docker(
            ["run", "--detach", "--rm", "--name", name, "--hostname", name, "--pull", "never"] + labels
                + (try options(folder)) + [image])
        guard !started.succeeded else { return }
        try? FileManager.default.removeItem(atPath: folder)
        throw lacking("container engine with the image \(image): \(started.errors)")
    }

    func remove() {
        _ = Self.docker(["rm", "--force", "--volumes", name])
        try? FileManager.default.removeItem(atPath: folder)
    }

    func engine(_ secrets: any SecretStore) -> any ApplicationDatabase {
        var environment = Environment(name: "staging", project: name)
        environment.runtime = .init(kind: .compose, file: "compose.yml")
        environment.database = definition
        return ApplicationDatabases(
            commands: ProcessCommandRunner(interruption: FakeInterruption()), secrets: secrets,
            files: LocalFileStore()
        ).engine(for: Layout(project: folder, environment: environment))
    }

    /// Whether a program ends well in it.
    func runs(_ command: String...) -> Bool { Self.docker(["exec", name] + command).succeeded }

    /// How many programs were started in it meanwhile, as its engine tells.
    func programs(startedBy body: () throws -> Void) throws -> Int {
        let began = Date().timeIntervalSince1970
        try body()
        let told = Self.docker([
            "events", "--since", "\(began)", "--until", "\(Date().timeIntervalSince1970)", "--filter",
            "container=\(name)", "--filter", "event=exec_start", "--format", "{{.Action}}",
        ])
        XCTAssertTrue(told.succeeded, told.errors)
        return told.output.split(separator: "\n").count
    }

    private static func docker(_ arguments: [String]) -> CommandResult {
        ProcessCommandRunner(interruption: FakeInterruption()).run(
            CommandRequest(Command("docker", arguments), deadline: .seconds(60)))
    }
}

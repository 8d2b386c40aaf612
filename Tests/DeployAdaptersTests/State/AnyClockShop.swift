import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A project whose runs go through the engine and a real state, on an imitated machine.
final class AnyClockShop {
    private let machine = SimulatedMachine()
    private let deployer: Deployer
    var clock: AnyClock
    private(set) var names: [Timestamp] = []
    private(set) var models: [String: RollbackModel] = ["staging": .init(), "production": .init()]
    private(set) var refusals = 0
    private(set) var rollbacks = 0

    init(state path: String, seed: Int) {
        clock = AnyClock(machine.clock, seed: seed)
        var ports = machine.ports()
        ports.state = SQLiteStateStore(path: path)
        ports.commands = Builder(files: machine.files, base: machine.programs)
        deployer = Deployer(
            Workspace(ports: ports, project: machine.project),
            definitions: DefinitionLoader(files: machine.files, folder: "\(machine.project)/environments"),
            origin: Sample.origin
        ) { _ in }
    }

    var state: any StateStore { deployer.ports.state }

    private func layout(_ name: String) -> Layout {
        var environment = Environment(name: name, project: "shop")
        environment.services = [Service(name: "web", role: .app, command: ["bin/web"])]
        environment.runtime.strategy = .recreate
        environment.database = .init(engine: .sqlite, file: "app.db")
        environment.migrations = .directory("migrations")
        environment.backup.beforeDeploy = true
        environment.backup.keep = .init(last: 6)
        (environment.drain, environment.watch, environment.keepReleases) = (.zero, .zero, 6)
        environment.source.tag = false
        return Layout(project: machine.project, environment: environment)
    }

    private func facts(_ name: String) throws -> EnvironmentFacts {
        try deployer.collector.collect(layout(name).environment)
    }

    func build() throws {
        let commit = String(repeating: "\(names.count % 10)", count: 40)
        let goal = PlanDraft.Goal.build(commit: commit, branch: "main", subject: "Change \(names.count)")
        try run(PlanDraft(kind: .deploy, facts: try facts("staging"), goal: goal))
    }

    func backUp(_ name: String) throws {
        try run(PlanDraft(kind: .backup, facts: try facts(name), goal: .backUp))
    }

    /// What staging runs.
    func promote() throws {
        let facts = try facts("production")
        let release = try XCTUnwrap(try deployer.collector.currentRelease(of: "staging"))
        try run(
            PlanDraft(
                kind: .promote, facts: facts, goal: .promote(release, from: "staging", migrations: nil)))
    }

    /// `digits` are what `text` means, where it is written otherwise.
    func rollBack(_ name: String, to text: String, meaning digits: String) throws {
        let request = RollbackRequest(
            target: text, scope: .codeAndData, skipsSafetyBackup: clock.pick(2) == 0)
        let rollback = deployer.rollback(name, to: request)
        let model = try XCTUnwrap(models[name])
        guard let target = model.target(of: digits) else {
            expectError(.notFound, "\(name) to \(text)") {
                _ = try rollback.proposal(layout(name).environment)
            }
            refusals += 1
            return
        }
        let draft = try rollback.proposal(layout(name).environment).draft
        guard case .rollback(let release, let data) = draft.goal else { return XCTFail("\(draft.goal)") }
        XCTAssertEqual(
            RollbackModel.Target(release: release.timestamp, backup: data?.timestamp ?? release.timestamp),
            target, "\(name) to \(text)")
        try run(draft)
        rollbacks += 1
        XCTAssertEqual(try rows(name).dropLast(), model.rows(of: target.backup)?[...], "\(name) to \(text)")
        XCTAssertEqual(models[name]?.current, target.release)
    }

    /// Runs a plan as every verb does, looks at the names it was given, and notes what it did.
    private func run(_ draft: PlanDraft) throws {
        let name = draft.facts.environment.name
        let before = draft.facts.database == nil ? [] : try rows(name)
        let digits = clock.digits
        guard case .done(let run, _) = try deployer.carryOut(draft, approval: nil) else {
            return XCTFail("nothing was done")
        }
        XCTAssertEqual("\(run.timestamp)", max(digits, names.last?.successor.description ?? ""))
        try note(run, in: name, before)
        try machine.database.write("INSERT INTO note VALUES \(run.timestamp)", to: live(name))
    }

    private func note(_ run: Deployment, in name: String, _ rows: [String]) throws {
        var model = try XCTUnwrap(models[name])
        let (layout, left) = (layout(name), model.current)
        if run.kind.movesRelease {
            model.moves.append(.init(name: run.timestamp, release: try XCTUnwrap(run.release)))
        }
        let known = Set(model.backups.map(\.name))
        model.backupsThere = Set(machine.files.names(in: layout.backups).compactMap(Timestamp.init(digits:)))
        let taken = model.backupsThere.subtracting(known).sorted()
        model.backups += taken.map { .init(name: $0, release: left, rows: rows) }
        model.releasesThere = Set(
            machine.files.names(in: layout.releases).compactMap(Timestamp.init(digits:)))
        models[name] = model
        let given = [run.timestamp, run.timestamp.successor, run.timestamp.successor.successor]
        XCTAssertTrue(Set(taken).isSubset(of: given), "\(run.timestamp) took \(taken)")
        for name in given {
            if let last = names.last { XCTAssertGreaterThan("\(name)", "\(last)") }
            names.append(name)
        }
    }

    /// What a rollback without a name lists.
    func expectCandidates(of name: String) throws {
        let model = try XCTUnwrap(models[name])
        let listed = try RollbackTargets(deployer.workspace.site(layout(name).environment))
            .candidates()
        XCTAssertEqual(listed.map(\.release.timestamp), model.releases)
        XCTAssertEqual(listed.map { $0.backup?.timestamp }, model.releases.map(model.backup(of:)))
        XCTAssertEqual(listed.map(\.isCurrent), model.releases.map { $0 == model.current })
    }

    private func live(_ name: String) throws -> DatabaseLocation {
        let link = try XCTUnwrap(layout(name).databaseLink)
        return DatabaseLocation("\(Path.parent(link))/\(try XCTUnwrap(machine.files.linkTarget(link)))")
    }

    private func rows(_ name: String) throws -> [String] {
        try machine.database.rows(of: "note", in: live(name))
    }
}

/// git, tar and sync as far as a release is built with them; everything else is the imitated machine's.
private struct Builder: CommandRunner {
    let files: MemoryFileStore
    let base: SimulatedPrograms

    func run(_ request: CommandRequest) -> CommandResult {
        let arguments = request.command.arguments
        switch request.command.program {
        case "sync": return CommandResult(.exited(0))
        case "git" where arguments.contains("archive"): return CommandResult(.exited(0))
        case "tar" where arguments.contains("--file"):
            files.write("web", to: "\(request.directory ?? "")/bin/web", mode: 0o700)
            files.write("CREATE TABLE note (text)", to: "\(request.directory ?? "")/migrations/0001.sql")
            return CommandResult(.exited(0))
        default: return base.run(request)
        }
    }

    func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }
}

import DeployTestSupport
import Foundation

@testable import DeployCore

/// The shop of the tests on a simulated machine: release 20 serves in production, release 30 waits in staging.
struct Shop {
    let machine = SimulatedMachine()
    var environment: Environment
    private(set) var served: Deployment?

    init(
        next sql: String = "CREATE TABLE more (text)", mask: String? = nil,
        _ change: (inout Environment) -> Void = { _ in }
    ) throws {
        environment = PlanFixture.environment("production")
        environment.drain = .milliseconds(100)
        environment.watch = .milliseconds(300)
        environment.services[0].health?.timeout = .seconds(1)
        change(&environment)
        if let identity = environment.backup.encryption?.identity {
            machine.files.write("AGE-SECRET-KEY-1", to: "\(machine.project)/\(identity)")
        }
        try stage(20, migrations: ["0001.sql": "CREATE TABLE note (text); INSERT INTO note VALUES one"])
        served = try run(promotion(of: 20), named: 100)
        if environment.migrations != nil {
            try machine.database.write("INSERT INTO note VALUES written", to: database)
        }
        try stage(
            30,
            migrations: [
                "0001.sql": "CREATE TABLE note (text); INSERT INTO note VALUES one",
                "0002.sql": sql,
            ], mask: mask)
        machine.forget()
    }

    var site: Site { machine.workspace().site(environment) }
    var layout: Layout { site.layout }

    var database: DatabaseLocation {
        guard let link = layout.databaseLink else { return layout.database(.live) ?? DatabaseLocation("") }
        return DatabaseLocation("\(Path.parent(link))/\(machine.files.linkTarget(link) ?? "")")
    }

    func facts() throws -> EnvironmentFacts {
        try FactsCollector(machine.workspace()).collect(environment)
    }

    func promotion(of number: Int) throws -> PlanDraft {
        let release = try machine.state.release(Sample.timestamp(number)) ?? Sample.release(number)
        return PlanDraft(
            kind: .promote, facts: try facts(), goal: .promote(release, from: "staging", migrations: nil))
    }

    /// Release 30 on a masked copy of the newest backup.
    func maskedPromotion() throws -> PlanDraft {
        var draft = try promotion(of: 30)
        let backup = try machine.state.backups(of: environment.name)[0]
        draft.facts.source = BackupSource(
            environment: environment.name, backup: backup.timestamp, folder: layout.backup(backup.timestamp),
            digest: backup.sha256)
        draft.facts.environment.database?.filling = .backup(
            MaskedCopy(
                environment: environment.name, mask: ["db/mask.sql"],
                columns: [ColumnName(table: "note", column: "text")]))
        return draft
    }

    /// Back to release 20 with the data of the newest backup.
    func rollback() throws -> PlanDraft {
        let release = try machine.state.release(Sample.timestamp(20)) ?? Sample.release(20)
        return PlanDraft(
            kind: .rollback, facts: try facts(),
            goal: .rollback(release, data: try machine.state.backups(of: "production").first))
    }

    /// Begins a plan in a process with this life, runs it, and gives what became of it.
    @discardableResult
    func run(_ draft: PlanDraft, named number: Int, life: Life = Life()) throws -> Deployment {
        let names = PlanNames(
            deployment: Sample.timestamp(number), backup: Sample.timestamp(number + 1),
            retired: Sample.timestamp(number + 2))
        let deployer = machine.deployer(life)
        let plan = draft.plan(named: names)
        let deployment = try deployer.ports.state.begin(
            plan, origin: Sample.origin, approval: nil, at: machine.clock.now())
        try deployer.runner(plan).run(plan, as: deployment)
        return try machine.state.deployment(deployment.timestamp) ?? deployment
    }

    /// What `run` throws; nil when it succeeds.
    func failure(_ draft: PlanDraft, named number: Int, life: Life = Life()) throws -> DeployError? {
        do {
            try run(draft, named: number, life: life)
            return nil
        } catch let error as DeployError { return error }
    }

    private func stage(_ number: Int, migrations: [String: String], mask: String? = nil) throws {
        var staging = environment
        staging.name = "staging"
        let layout = Layout(project: machine.project, environment: staging)
        let (timestamp, files) = (Sample.timestamp(number), machine.files)
        files.write("release \(number)", to: "\(layout.release(timestamp))/bin/web", mode: 0o700)
        for (name, sql) in migrations {
            files.write(sql, to: "\(layout.release(timestamp))/migrations/\(name)")
        }
        if let mask { files.write(mask, to: "\(layout.release(timestamp))/db/mask.sql") }
        let manifest = try files.manifest(of: layout.release(timestamp), except: [])
        try files.publish(JSON.data(manifest), to: layout.releaseManifest(timestamp))
        try machine.state.record(Sample.release(number, digest: manifest.digest))
    }
}

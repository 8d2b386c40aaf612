import DeployTestSupport

@testable import DeployCore

/// Facts of one environment, to be changed in one place per test.
struct PlanFixture {
    var facts: EnvironmentFacts

    static let names = PlanNames(
        deployment: Sample.timestamp(100), backup: Sample.timestamp(101), retired: Sample.timestamp(102))
    static let otherNames = PlanNames(
        deployment: Sample.timestamp(900), backup: Sample.timestamp(901), retired: Sample.timestamp(905))

    static func environment(
        _ name: String, _ strategy: Environment.Runtime.Strategy = .blueGreen, database: Bool = true,
        fresh: Bool = false
    ) -> Environment {
        var environment = Environment(name: name, project: "shop")
        environment.services = [
            Service(name: "web", role: .app, command: ["bin/web"], health: .init(path: "/health"))
        ]
        environment.runtime.strategy = strategy
        environment.ports = ["http": 8080]
        if database {
            environment.database = .init(engine: .sqlite, file: "app.db", fresh: fresh)
            environment.migrations = .directory("migrations")
        }
        environment.backup.beforeDeploy = name == "production"
        if name == "production" { environment.promotion = .init(from: "staging") }
        return environment
    }

    /// Nothing was ever deployed.
    static func first(_ environment: Environment) -> PlanFixture {
        PlanFixture(facts: EnvironmentFacts(project: "/srv/shop", environment: environment))
    }

    /// Release 10 serves as deployment 11, on the database of deployment 5.
    static func serving(_ environment: Environment) -> PlanFixture {
        var fixture = first(environment)
        let database = environment.database.map { _ in
            DatabaseLocation(
                "/srv/shop/.deployctl/\(environment.name)/shared/app.db.\(Sample.timestamp(5))")
        }
        fixture.facts.release = Sample.release(10)
        fixture.facts.serving = Serving(
            instance: "\(Sample.timestamp(11))", release: Sample.timestamp(10), database: database)
        fixture.facts.servingRuns = true
        fixture.facts.database = database
        fixture.facts.recordedMigrations = database == nil ? [] : ["0001.sql"]
        return fixture
    }

    func draft(_ kind: Deployment.Kind, _ goal: PlanDraft.Goal) -> PlanDraft {
        PlanDraft(kind: kind, facts: facts, goal: goal)
    }

    func ids(_ kind: Deployment.Kind, _ goal: PlanDraft.Goal) -> [String] {
        draft(kind, goal).plan(named: Self.names).steps.map(\.work.id)
    }

    func changing(_ change: (inout EnvironmentFacts) -> Void) -> PlanFixture {
        var fixture = self
        change(&fixture.facts)
        return fixture
    }
}

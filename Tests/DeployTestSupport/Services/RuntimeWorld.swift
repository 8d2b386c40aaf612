import Foundation

@testable import DeployCore

/// A machine on which a runtime keeps its contract.
///
/// Its environment has the app services `web`, which listens, and `worker`, which does not, and the data service
/// `keeper`. Its one release is built already.
protocol RuntimeWorld {
    var runtime: any ServiceRuntime { get }
    var context: StepContext { get }
    /// Whether what listens does so at an address of this machine.
    var listens: Bool { get }

    /// Ends a service as somebody else would.
    func kill(_ service: RunningService) throws
    /// What of an instance's services is still there, recorded or not.
    func remains(of instance: String) throws -> [String]
    /// The data services that run.
    func runningData() throws -> [String]
    /// A port of the machine at which something else listens.
    func strangersPort() throws -> Int
    /// From now on the run is asked to stop.
    func interrupt()
}

extension RuntimeWorld {
    var listens: Bool { true }
    static var release: Timestamp { Sample.timestamp(1) }
    static var instance: String { "\(Sample.timestamp(2))" }

    /// `web` and `worker` as programs of the release, in an environment of this kind.
    static func environment(_ kind: Environment.Runtime.Kind, project: String = "shop", _ program: [String])
        -> Environment
    {
        var environment = Environment(name: "staging", project: project)
        environment.runtime = .init(
            kind: kind, strategy: .blueGreen, file: kind == .compose ? "compose.yml" : nil)
        environment.services = [
            Service(name: "web", role: .app, command: program),
            Service(name: "worker", role: .app, command: program, listen: .none),
            Service(name: "keeper", role: .data),
        ]
        environment.drain = .seconds(2)
        return environment
    }

    static func context(_ ports: Ports, project: String, _ environment: Environment) -> StepContext {
        let facts = EnvironmentFacts(project: project, environment: environment)
        let plan = PlanDraft(kind: .backup, facts: facts, goal: .nothing).plan(
            named: PlanNames(
                deployment: Sample.timestamp(2), backup: Sample.timestamp(3), retired: Sample.timestamp(4)))
        return StepContext(Workspace(ports: ports, project: project), plan: plan, origin: Sample.origin)
    }
}

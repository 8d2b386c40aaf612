import DeployAdapters
import DeployTestSupport
import Foundation

@testable import DeployCore

/// An imitated machine with a real state, which can be lost, and whose runs leave what runs leave.
final class LostShop {
    let machine = SimulatedMachine()
    let path: String

    /// `folder`: for the state.
    init(in folder: String) {
        path = "\(folder)/state.db"
        let service =
            #""services": {"web": {"role": "app", "command": ["bin/web"]}}, "runtime": {"strategy": "recreate"}"#
        let written = [
            "staging": #"{"project": "shop", "ports": {"web": 5001}, \#(service)}"#,
            "production":
                #"{"project": "shop", "ports": {"web": 5000}, "promotion": {"from": "staging"}, \#(service)}"#,
        ]
        for (name, text) in written {
            machine.files.write(text, to: "\(machine.project)/environments/\(name).json")
        }
    }

    var state: SQLiteStateStore { SQLiteStateStore(path: path) }
    var tool: String { Layout.tool(machine.project) }

    private var definitions: DefinitionLoader {
        DefinitionLoader(files: machine.files, folder: "\(machine.project)/environments")
    }

    func deployer(_ life: Life = Life()) -> Deployer {
        var ports = machine.ports(life)
        ports.state = state
        return Deployer(
            Workspace(ports: ports, project: machine.project), definitions: definitions, origin: Sample.origin
        ) { _ in }
    }

    func layout(_ name: String) throws -> Layout {
        Layout(project: machine.project, environment: try definitions.load(name))
    }

    func records(_ name: String, _ life: Life = Life()) -> RunRecords {
        RunRecords(workspace: deployer(life).workspace, environment: name)
    }

    func reading() -> StateRemains {
        let deployer = deployer()
        return StateRemainsReader(workspace: deployer.workspace, definitions: deployer.definitions).read()
    }

    static func plan(_ number: Int, _ name: String, _ kind: Deployment.Kind, release: Int) -> Plan {
        var plan = Sample.plan(number, environment: name)
        plan.kind = kind
        (plan.release, plan.commit) = (Sample.timestamp(release), Sample.release(release).commit)
        return plan
    }

    /// Begins, ends, and leaves its record; `at` is what the clock says then.
    @discardableResult
    func run(
        _ number: Int, _ name: String = "staging", _ kind: Deployment.Kind = .deploy, release: Int = 1,
        at: Date = Sample.timestamp(0).date, leaves record: Bool = true,
        meanwhile: () throws -> Void = {}
    ) throws -> Deployment {
        let (deployer, plan) = (deployer(), Self.plan(number, name, kind, release: release))
        let state = deployer.ports.state
        machine.files.write("release", to: "\(try layout(name).release(Sample.timestamp(release)))/bin/web")
        try state.record(Sample.release(release))
        let entry = AuditEntry(plan, by: Sample.origin, at: at)
        let run = try deployer.audit.record(entry) { () throws(DeployError) in
            try state.begin(plan, origin: Sample.origin, approval: nil, at: at)
        }
        try meanwhile()
        try state.record(Sample.step(0, .finished, finished: at), of: run)
        try deployer.audit.conclude(entry, "succeeded") { () throws(DeployError) in
            try state.finish(run, outcome: .succeeded, error: nil, at: at)
        }
        let records = RunRecords(workspace: deployer.workspace, environment: name)
        if record { try records.write(run.timestamp) }
        return run
    }

    /// The state and, unless it is kept, its safe copy are gone.
    func lose(keepingCopy: Bool = false) throws {
        try FileManager.default.removeItem(atPath: path)
        guard !keepingCopy else { return }
        try? FileManager.default.removeItem(atPath: "\(path).copy")
        try Data("1 x".utf8).write(to: URL(fileURLWithPath: "\(Path.parent(path))/audit.log"))
    }

    /// A safe copy of what is known now.
    func keepCopy() throws {
        let state = state
        try state.record(Sample.release(0))
        try state.keepCopy()
    }

    @discardableResult
    func rebuild(_ life: Life = Life()) throws -> StateRecovery.Result {
        try StateRecovery(deployer(life)).restore()
    }

    /// What serves in an environment by the record of its instance.
    func serve(_ release: Int, in name: String, as run: Int) throws {
        let records = InstanceRecords(files: machine.files, layout: try layout(name))
        try machine.files.makeFolder(try layout(name).instance("\(Sample.timestamp(run))"))
        try records.write(Instance(id: "\(Sample.timestamp(run))", release: Sample.timestamp(release)))
        try machine.files.pointLink(try layout(name).currentInstance, to: "\(Sample.timestamp(run))")
    }

    func doubts() throws -> [String: String] { try Rebuilding.doubts(in: state) }

    /// The releases that an environment can go back to, the newest move first.
    func moved(_ name: String = "staging") throws -> [Timestamp] {
        try state.releaseMoves(of: name, limit: .max).compactMap(\.release)
    }
}

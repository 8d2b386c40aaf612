import Foundation

@testable import DeployCore

struct MortalCommands: CommandRunner {
    let base: SimulatedPrograms
    let life: Life

    func run(_ request: CommandRequest) -> CommandResult {
        let alive = request.command.program == "curl" ? !life.isOver : life.spend()
        return alive ? base.run(request) : CommandResult(.notStarted("the process was killed"))
    }
    func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }
    func has(_ program: String) -> Bool { base.has(program) }
}

struct MortalProcessTable: ProcessTable {
    let base: FakeProcessTable
    let life: Life

    func start(_ launch: ServiceLaunch) throws(DeployError) -> ProcessIdentity {
        try life.change()
        return try base.start(launch)
    }
    func signal(_ process: ProcessIdentity, _ signal: ProcessSignal) {
        if life.spend() { base.signal(process, signal) }
    }
    func kill(_ processes: [ProcessIdentity]) {
        if !processes.isEmpty, life.spend() { base.kill(processes) }
    }
    func isRunning(_ process: ProcessIdentity) -> Bool { base.isRunning(process) }
    func members(ofInstance marker: String, orLedBy leaders: [ProcessIdentity]) -> [ProcessIdentity] {
        base.members(ofInstance: marker, orLedBy: leaders)
    }
    func remains(
        ofInstance marker: String, orLedBy leaders: [ProcessIdentity], beneath folder: String
    ) -> InstanceRemains {
        base.remains(ofInstance: marker, orLedBy: leaders, beneath: folder)
    }
    func instances(beneath folder: String) -> Set<String> { base.instances(beneath: folder) }
    func isMember(_ process: ProcessIdentity, ofInstance marker: String) -> Bool {
        base.isMember(process, ofInstance: marker)
    }
    func identity(of pid: Int32) -> ProcessIdentity? { base.identity(of: pid) }
    var user: UInt32 { base.user }
    func account(_ name: String) -> Account? { base.account(name) }
    var lineage: [Relative] { base.lineage }
    func freePort() throws(DeployError) -> Int { try base.freePort() }
    func ending(of process: ProcessIdentity) -> ProcessEnding? { base.ending(of: process) }
    func program(of process: ProcessIdentity) -> String { base.program(of: process) }
    func listeners(ofSession leader: ProcessIdentity) -> [String] { base.listeners(ofSession: leader) }
    func isTaken(_ port: Int, on host: String) -> Bool { base.isTaken(port, on: host) }
    func listener(onPort port: Int) -> ProcessIdentity? { base.listener(onPort: port) }
    func isListening(_ process: ProcessIdentity, onPort port: Int) -> Bool {
        base.isListening(process, onPort: port)
    }
    func use(ofPort port: Int) -> PortUse { base.use(ofPort: port) }
    func isMember(_ process: ProcessIdentity, ofSession leader: ProcessIdentity) -> Bool {
        base.isMember(process, ofSession: leader)
    }
    func children(of process: ProcessIdentity) -> [ProcessIdentity] { base.children(of: process) }
    func listeners(
        heldBy processes: [ProcessIdentity], where wanted: (ListeningPlace) -> Bool
    ) -> (any HeldListeners)? {
        base.listeners(heldBy: processes, where: wanted)
    }
    func connections(toSocket path: String) -> Int { base.connections(toSocket: path) }
}

/// A store whose process may die before any write; `log` hears of each write that was made.
struct MortalStateStore: StateStore {
    let base: MemoryStateStore
    let life: Life
    let log: @Sendable (String) -> Void

    func nextTimestamp(at now: Date) throws(DeployError) -> Timestamp { try base.nextTimestamp(at: now) }
    func record(_ release: Release) throws(DeployError) {
        try life.change()
        try base.record(release)
    }
    func release(_ timestamp: Timestamp) throws(DeployError) -> Release? { try base.release(timestamp) }
    func releases() throws(DeployError) -> [Release] { try base.releases() }
    func begin(_ plan: Plan, origin: Origin, approval: Approval?, at now: Date) throws(DeployError)
        -> Deployment
    {
        try base.begin(plan, origin: origin, approval: approval, at: now)
    }
    func forgetPlans(
        of environment: String, before limit: Date, butNewest count: Int, and kept: Set<Timestamp>
    ) throws(DeployError) -> Int {
        try life.change()
        return try base.forgetPlans(of: environment, before: limit, butNewest: count, and: kept)
    }
    func record(_ step: StepRecord, of deployment: Deployment) throws(DeployError) {
        try life.change()
        try base.record(step, of: deployment)
        log("\(step.step) \(step.state.rawValue)")
    }
    func finish(
        _ deployment: Deployment, outcome: Deployment.Outcome, error: DeployError?, at now: Date
    ) throws(DeployError) {
        try life.change()
        try base.finish(deployment, outcome: outcome, error: error, at: now)
        log("finish \(outcome.rawValue)")
    }
    func adopt(_ deployment: Deployment) throws(DeployError) { try base.adopt(deployment) }
    func deployments(of environment: String?, limit: Int) throws(DeployError) -> [Deployment] {
        try base.deployments(of: environment, limit: limit)
    }
    func deployments(of environment: String, kinds: [Deployment.Kind], limit: Int) throws(DeployError)
        -> [Deployment]
    {
        try base.deployments(of: environment, kinds: kinds, limit: limit)
    }

    func releaseMoves(of environment: String, limit: Int) throws(DeployError) -> [Deployment] {
        try base.releaseMoves(of: environment, limit: limit)
    }
    func deployment(_ timestamp: Timestamp) throws(DeployError) -> Deployment? {
        try base.deployment(timestamp)
    }
    func deployment(idempotencyKey: String) throws(DeployError) -> Deployment? {
        try base.deployment(idempotencyKey: idempotencyKey)
    }
    func unfinished(in environment: String) throws(DeployError) -> Deployment? {
        try base.unfinished(in: environment)
    }
    func plan(of deployment: Timestamp) throws(DeployError) -> Plan? { try base.plan(of: deployment) }
    func approval(of deployment: Timestamp) throws(DeployError) -> Approval? {
        try base.approval(of: deployment)
    }
    func steps(of deployment: Timestamp) throws(DeployError) -> [StepRecord] {
        try life.look()
        return try base.steps(of: deployment)
    }
    func record(_ backup: Backup) throws(DeployError) {
        try life.change()
        try base.record(backup)
    }
    func backups(of environment: String) throws(DeployError) -> [Backup] { try base.backups(of: environment) }
    func backup(_ timestamp: Timestamp) throws(DeployError) -> Backup? { try base.backup(timestamp) }
    func markRemoved(_ backup: Timestamp, at now: Date) throws(DeployError) {
        try life.change()
        try base.markRemoved(backup, at: now)
    }
    func pin(_ backup: Timestamp, because reason: String?) throws(DeployError) {
        try life.change()
        try base.pin(backup, because: reason)
    }
    func hold(on environment: String) throws(DeployError) -> Hold? { try base.hold(on: environment) }
    func holds() throws(DeployError) -> [Hold] { try base.holds() }
    func take(_ hold: Hold) throws(DeployError) -> Bool { try base.take(hold) }
    func releaseHold(on environment: String) throws(DeployError) { try base.releaseHold(on: environment) }
}

/// No secret is ever there, except under the names given.
public struct FixedSecrets: SecretStore {
    let values: [String: String]

    public init(_ values: [String: String] = [:]) { self.values = values }

    public func fetch(_ source: SecretSource, named name: String) throws(DeployError) -> Secret {
        guard let value = values[name] else {
            throw DeployError(
                .invalidDefinition, what: "Secret \(name) is missing", why: "no test gave it",
                next: "look at the test")
        }
        return Secret(value)
    }
}

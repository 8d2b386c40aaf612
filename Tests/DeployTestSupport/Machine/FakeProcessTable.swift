import Foundation

@testable import DeployCore

/// Processes that exist only as entries; a test may end one or make a program fail to start.
public final class FakeProcessTable: ProcessTable, @unchecked Sendable {
    public struct Entry: Sendable {
        public var identity: ProcessIdentity
        public var program: String
        /// The instance's folder.
        public var marker: String
        public var environment: [String: String]
    }

    private let guarded = NSLock()
    private var entries: [Int32: Entry] = [:]
    private var nextPID: Int32 = 1000
    private var nextPort = 20_000
    private var reloads: Int32 = 0
    private var broken: Set<String> = []
    private var deaf: Set<Int32> = []
    private var held: [String: Int] = [:]
    private var listener: @Sendable (Command) -> Void = { _ in }

    /// Tells this machine's processes from another's.
    public let boot: String

    public init(boot: String = "boot") { self.boot = boot }

    public var user: UInt32 { guarded.withLock { actsAs } }
    private var actsAs: UInt32 = 1000
    private var accounts: [Account] = []

    /// From now on this process acts as that user of these accounts.
    public func act(as user: UInt32, among accounts: [Account]) {
        guarded.withLock { (actsAs, self.accounts) = (user, accounts) }
    }

    public func account(_ name: String) -> Account? {
        guarded.withLock { accounts.first { $0.name == name } }
    }

    public let lineage: [Relative] = []

    /// Every running process, oldest first.
    public var running: [Entry] {
        guarded.withLock { entries.values.sorted { $0.identity.pid < $1.identity.pid } }
    }

    /// From now on this program cannot be started.
    public func breakProgram(_ program: String) { guarded.withLock { _ = broken.insert(program) } }
    public func mendProgram(_ program: String) { guarded.withLock { _ = broken.remove(program) } }

    /// From now on only a kill ends it.
    public func deafen(_ process: ProcessIdentity) { guarded.withLock { _ = deaf.insert(process.pid) } }

    @discardableResult
    public func add(_ program: String, marker: String, environment: [String: String] = [:]) -> ProcessIdentity
    {
        guarded.withLock {
            nextPID += 1
            let identity = ProcessIdentity(pid: nextPID, started: UInt64(nextPID), boot: boot)
            entries[nextPID] = Entry(
                identity: identity, program: program, marker: marker, environment: environment)
            return identity
        }
    }

    /// From now on `listener` hears of every service before it starts, or does not.
    public func hear(_ listener: @escaping @Sendable (Command) -> Void) {
        guarded.withLock { self.listener = listener }
    }

    public func start(_ launch: ServiceLaunch) throws(DeployError) -> ProcessIdentity {
        guarded.withLock { listener }(launch.command)
        if guarded.withLock({ broken.contains(launch.command.program) }) {
            throw DeployError(
                .stepFailed, what: "\(launch.command.program) cannot be started", why: "the test broke it",
                next: "look at the test")
        }
        return add(
            launch.command.program, marker: launch.environment["DEPLOYCTL_INSTANCE"] ?? "",
            environment: launch.environment)
    }

    /// The machine starts again: everything ended, and its first process is of a boot of its own.
    public func restartMachine() {
        guarded.withLock {
            entries = [
                1: Entry(
                    identity: ProcessIdentity(pid: 1, started: 1, boot: "\(boot) again"), program: "init",
                    marker: "", environment: [:])
            ]
        }
    }

    public func isRunning(_ process: ProcessIdentity) -> Bool {
        guarded.withLock { entries[process.pid]?.identity == process }
    }

    public func signal(_ process: ProcessIdentity, _ signal: ProcessSignal) {
        guard isRunning(process) else { return }
        if signal == .reload { return guarded.withLock { reloads += 1 } }
        if signal != .kill, guarded.withLock({ deaf.contains(process.pid) }) { return }
        guarded.withLock { entries[process.pid] = nil }
    }

    public func kill(_ processes: [ProcessIdentity]) {
        for process in processes { signal(process, .kill) }
    }

    public func members(ofInstance marker: String, orLedBy leaders: [ProcessIdentity]) -> [ProcessIdentity] {
        running.filter { $0.marker == marker || leaders.contains($0.identity) }.map(\.identity)
    }

    public func instances(beneath folder: String) -> Set<String> {
        Set(running.compactMap { $0.marker.after("\(folder)/").map(String.init) })
    }

    public func remains(
        ofInstance marker: String, orLedBy leaders: [ProcessIdentity], beneath folder: String
    ) -> InstanceRemains {
        InstanceRemains(
            members: members(ofInstance: marker, orLedBy: leaders), instances: instances(beneath: folder))
    }

    public func isMember(_ process: ProcessIdentity, ofInstance marker: String) -> Bool {
        members(ofInstance: marker).contains(process)
    }

    public func identity(of pid: Int32) -> ProcessIdentity? { guarded.withLock { entries[pid]?.identity } }

    public func freePort() throws(DeployError) -> Int {
        guarded.withLock {
            nextPort += 1
            return nextPort
        }
    }

    public func isTaken(_ port: Int, on host: String) -> Bool { listener(onPort: port) != nil }

    public func isListening(_ process: ProcessIdentity, onPort port: Int) -> Bool { false }

    public func listener(onPort port: Int) -> ProcessIdentity? {
        running.first { entry in
            entry.environment["PORT"] == "\(port)"
                || entry.environment["LISTENS"]?.split(separator: ",").contains("\(port)") == true
        }?.identity
    }

    public func use(ofPort port: Int) -> PortUse { listener(onPort: port) == nil ? .free : .listening }

    public func isMember(_ process: ProcessIdentity, ofSession leader: ProcessIdentity) -> Bool {
        process == leader
    }

    /// One worker, a new one after each reload.
    public func children(of process: ProcessIdentity) -> [ProcessIdentity] {
        guarded.withLock { [ProcessIdentity(pid: 5000 + reloads, started: 1, boot: boot)] }
    }

    public func ending(of process: ProcessIdentity) -> ProcessEnding? { nil }

    public func program(of process: ProcessIdentity) -> String {
        guarded.withLock { entries[process.pid]?.program ?? "" }
    }

    public func listeners(ofSession leader: ProcessIdentity) -> [String] {
        running.filter { $0.identity == leader }.compactMap { $0.environment["PORT"] }.map {
            "127.0.0.1:\($0)"
        }
    }

    public func listeners(
        heldBy processes: [ProcessIdentity], where wanted: (ListeningPlace) -> Bool
    ) -> (any HeldListeners)? { nil }

    public func connections(toSocket path: String) -> Int { guarded.withLock { held[path] ?? 0 } }

    /// From now on so many visitors hold the socket.
    public func hold(_ path: String, by visitors: Int) { guarded.withLock { held[path] = visitors } }
}

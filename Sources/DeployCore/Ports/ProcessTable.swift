/// Starts services that outlive the tool, and finds them again.
public protocol ProcessTable: Sendable {
    /// Starts a service in a session of its own, its output appended to `launch.log`.
    ///
    /// - Throws: `.stepFailed` when the program cannot be started.
    func start(_ launch: ServiceLaunch) throws(DeployError) -> ProcessIdentity

    /// Whether exactly this process, not a later one with the same number, is running.
    func isRunning(_ process: ProcessIdentity) -> Bool

    /// How a process that this one started has ended; nil while it runs, and where nobody here can know.
    func ending(of process: ProcessIdentity) -> ProcessEnding?

    /// The name of the file that a process runs; empty where that may not be seen.
    func program(of process: ProcessIdentity) -> String

    /// Signals the process, or every process of its session where it has ended; missing ones are ignored.
    ///
    /// It knows what its children are at, and ends them; `.kill` is as `kill`.
    func signal(_ process: ProcessIdentity, _ signal: ProcessSignal)

    /// Kills these processes and every process of their sessions, until none is left that could start another; missing
    /// ones are ignored.
    func kill(_ processes: [ProcessIdentity])

    /// Every running process that carries `DEPLOYCTL_INSTANCE=marker` in its environment or descends from one that
    /// was started with it, whatever it did to session and variables, or is an nginx process with a file open there, or is
    /// one of these leaders or of a session that one of them led.
    func members(ofInstance marker: String, orLedBy leaders: [ProcessIdentity]) -> [ProcessIdentity]

    /// The same, and what `instances(beneath:)` answers for `folder`, by one look at all processes.
    func remains(
        ofInstance marker: String, orLedBy leaders: [ProcessIdentity], beneath folder: String
    ) -> InstanceRemains

    /// The last parts of the instances' folders directly in `folder` that running processes carry as their marker.
    func instances(beneath folder: String) -> Set<String>

    /// Whether this one process is among them.
    func isMember(_ process: ProcessIdentity, ofInstance marker: String) -> Bool

    /// The identity of a running process by number; nil when there is none.
    func identity(of pid: Int32) -> ProcessIdentity?

    /// This process, the one that started it, and so on up to the first of the machine that can be seen.
    var lineage: [Relative] { get }

    /// The number of the account this process acts as; 0 for the superuser.
    var user: UInt32 { get }

    /// An account of this machine by name; nil when there is none.
    func account(_ name: String) -> Account?

    /// A TCP port of 127.0.0.1 that nothing listens on now.
    func freePort() throws(DeployError) -> Int

    /// Whether somebody, seen or not, listens where `host`, an address of IPv4, and a TCP port would be listened on.
    func isTaken(_ port: Int, on host: String) -> Bool

    /// The process that listens on a TCP port of this machine; nil when none does or it is not ours to see.
    func listener(onPort port: Int) -> ProcessIdentity?

    /// Whether exactly this process may accept connections to a TCP port of this machine.
    func isListening(_ process: ProcessIdentity, onPort port: Int) -> Bool

    /// What keeps a TCP port of this machine from being taken.
    func use(ofPort port: Int) -> PortUse

    /// Where `leader` and the processes of its session listen for TCP, as `127.0.0.1:8080`.
    func listeners(ofSession leader: ProcessIdentity) -> [String]

    /// Whether `process` is `leader` or belongs to its session.
    func isMember(_ process: ProcessIdentity, ofSession leader: ProcessIdentity) -> Bool

    /// The running children of a process.
    func children(of process: ProcessIdentity) -> [ProcessIdentity]

    /// What these processes listen at, held open by this one too; nil where that is nothing, and where the machine does not
    /// let this account have all of it.
    ///
    /// `wanted`: whether one counts; the others are left alone.
    func listeners(
        heldBy processes: [ProcessIdentity], where wanted: (ListeningPlace) -> Bool
    ) -> (any HeldListeners)?

    /// Open connections accepted on the unix socket at `path`, waiting ones included.
    func connections(toSocket path: String) -> Int
}

/// What one look at the machine's processes finds.
public struct InstanceRemains: Sendable {
    /// Of the instance that was asked for.
    public var members: [ProcessIdentity]
    /// Ids of the instances that processes are there of.
    public var instances: Set<String>

    public init(members: [ProcessIdentity], instances: Set<String>) {
        (self.members, self.instances) = (members, instances)
    }
}

extension ProcessTable {
    public func members(ofInstance marker: String) -> [ProcessIdentity] {
        members(ofInstance: marker, orLedBy: [])
    }

    /// Whether the machine has started since the process did.
    ///
    /// A container that is a machine of its own keeps its host's boot; its first process is younger then.
    func endedWithMachine(_ process: ProcessIdentity) -> Bool {
        guard let first = identity(of: 1) else { return false }
        return process.boot != first.boot || process.started < first.started
    }

    /// `process 4711 (python3.12)`.
    func named(_ process: ProcessIdentity) -> String {
        let program = program(of: process)
        return "process \(process.pid)" + (program.isEmpty ? "" : " (\(Shown.text(program, limit: 30)))")
    }
}

/// A process, safe against reuse of its number: number, start time and boot.
public struct ProcessIdentity: Hashable, Codable, Sendable {
    public let pid: Int32
    /// Clock ticks since boot.
    public let started: UInt64
    public let boot: String

    public init(pid: Int32, started: UInt64, boot: String) {
        self.pid = pid
        self.started = started
        self.boot = boot
    }
}

/// How a process ended.
public enum ProcessEnding: Hashable, Sendable, CustomStringConvertible {
    case status(Int32)
    case signal(Int32)
    /// Killed by the kernel.
    case memory

    public var description: String {
        switch self {
        case .status(let status): "with exit status \(status)"
        case .signal(let number): "by signal \(number)"
        case .memory: "for lack of memory: its own limit or the machine's was reached (OOM)"
        }
    }
}

/// This process or one above it, as the kernel shows it.
public struct Relative: Hashable, Sendable {
    public var pid: Int32
    public var parent: Int32
    /// The number of the process that leads its session.
    public var session: Int32
    public var hasTerminal: Bool
    /// Its real user.
    public var user: UInt32
    /// The name of the file that it runs; the kernel's word for it where that may not be seen.
    public var program: String
    public var arguments: [String]
    /// The systemd unit it runs in, as `cron.service`; empty where there is none.
    public var unit: String
    /// Whether no process of the unit that still runs is older.
    public var isEldestOfUnit: Bool
    /// Seconds since it began; 0 when that is not known.
    public var age: Double
    /// Whether it is the superuser's, whatever it may become.
    public var isRoot: Bool
    /// Whether the file that it runs lies where only the superuser may put another in its place.
    public var isInstalled: Bool
    /// Whether its user said that this very program may start deployments.
    public var isTrusted: Bool
    /// Whether it carries what a service hands on to its children, or its variables, or those of its session's or group's leader, an instance's marker.
    public var servesInstance: Bool

    public init(
        pid: Int32, parent: Int32, session: Int32, hasTerminal: Bool = false, user: UInt32 = 0,
        program: String, arguments: [String] = [], unit: String = "", isEldestOfUnit: Bool = true,
        age: Double = 0, isRoot: Bool = true, isInstalled: Bool = true, isTrusted: Bool = false,
        servesInstance: Bool = false
    ) {
        self.pid = pid
        self.parent = parent
        self.session = session
        self.hasTerminal = hasTerminal
        self.user = user
        self.program = program
        self.arguments = arguments
        self.unit = unit
        self.isEldestOfUnit = isEldestOfUnit
        self.age = age
        self.isRoot = isRoot
        self.isInstalled = isInstalled
        self.isTrusted = isTrusted
        self.servesInstance = servesInstance
    }
}

extension ProcessTable {
    /// Whether this process acts as the superuser.
    var runsAsRoot: Bool { user == 0 }
}

/// An account of the machine.
public struct Account: Hashable, Sendable {
    public var name: String
    public var user: UInt32
    /// The number of its first group.
    public var group: UInt32
    /// The name of its first group.
    public var groupName: String
    /// Absolute path of its home folder.
    public var home: String

    public init(name: String, user: UInt32, group: UInt32, groupName: String, home: String) {
        self.name = name
        self.user = user
        self.group = group
        self.groupName = groupName
        self.home = home
    }
}

/// What a process can be told.
public enum ProcessSignal: Hashable, Sendable {
    case quit, reload, kill
    /// To end, by this signal.
    case ask(Service.Stop.Signal)

    /// To end, as processes are asked that were not told to listen to another signal.
    public static let terminate = ask(.TERM)
}

/// What to start as a service.
public struct ServiceLaunch: Sendable {
    public var command: Command
    /// Absolute: the working folder.
    public var directory: String
    /// The complete environment beside the allow-listed base; may hold secrets.
    public var environment: [String: String]
    /// Absolute: the file that both its outputs are appended to.
    public var log: String
    /// What it finds empty where the machine can do that, which only the superuser may ask for.
    public var closed: [ClosedFolder] = []
    /// Whether the group of what it makes may write to it, which for a socket is connecting; otherwise it is its owner's alone.
    public var opensSockets = false
    /// What it is limited with; nil: with what deployctl is.
    public var group: ResourceGroup?
    /// Given to it under the numbers from `firstListener` on; nil: nothing is.
    public var listeners: (any HeldListeners)?

    /// The number of the first descriptor that is given.
    public static let firstListener = 10

    /// The variable by which the processes of an instance are found again; it holds the instance's folder.
    public static let instanceVariable = "DEPLOYCTL_INSTANCE"

    public init(command: Command, directory: String, environment: [String: String], log: String) {
        self.command = command
        self.directory = directory
        self.environment = environment
        self.log = log
    }
}

/// A folder that a service has no business with.
public struct ClosedFolder: Hashable, Sendable {
    /// Absolute.
    public var path: String
    /// The one folder in it that stays open; nil: none.
    public var but: String?
    /// Absolute: one more folder in it, which stays open to be read; nil: none.
    public var readable: String?

    public init(_ path: String, but: String? = nil, readable: String? = nil) {
        self.path = path
        self.but = but
        self.readable = readable
    }
}

import DeployCore
import Glibc

/// Services as processes of this machine, found again through `/proc`.
public struct LinuxProcessTable: ProcessTable {
    private let files = LocalFileStore()
    private let endings = ProcessEndings()

    public init() {}

    public func start(_ launch: ServiceLaunch) throws(DeployError) -> ProcessIdentity {
        let environment = BaseEnvironment.with(launch.environment)
        let asked = AccountCommand(launch.command)
        let command = asked?.command ?? launch.command
        let account = asked.flatMap(ChildAccount.init)
        if let asked, account == nil { throw failure(launch, "there is no account \(asked.user)") }
        let name = command.program
        let found = ProgramPath.find(name, path: environment["PATH"], directory: launch.directory)
        guard let program = found else {
            throw failure(launch, ProgramPath.reasonMissing(name, directory: launch.directory))
        }
        let log = try openLog(launch.log)
        endings.reapStarted()
        let spawn = Spawn(
            program: program, arguments: command.vector, environment: environment,
            directory: launch.directory, input: nil, output: log, errors: log,
            handed: (launch.listeners as? HeldSockets)?.sockets ?? [],
            account: account,
            mark: launch.environment[ServiceLaunch.instanceVariable].map(InheritedMark.init),
            group: launch.group)
        switch try start(spawn, launch) {
        case .failed(let code): throw failure(launch, Spawn.reason(code))
        case .refused(let why): throw failure(launch, why)
        case .started(let pid):
            guard let record = ProcessRecord(pid: pid) else {
                throw failure(launch, "process \(pid) cannot be seen in /proc")
            }
            awaitEnvironment(of: pid)
            let process = ProcessIdentity(pid: pid, started: record.started, boot: ProcFile.boot)
            endings.expect(process)
            return process
        }
    }

    private func start(_ spawn: Spawn, _ launch: ServiceLaunch) throws(DeployError) -> Spawn.Outcome {
        func masked() -> Spawn.Outcome { launch.opensSockets ? openingSockets(spawn.start) : spawn.start() }
        guard user == 0, !launch.closed.isEmpty else { return masked() }
        return try ClosedFolders(launch.closed).start(masked)
    }

    /// The kernel takes the umask away from a socket even where the folder has a list of whom it is open to.
    ///
    /// What is left to the group is writing, which is connecting; nobody else reads more than before.
    private func openingSockets(_ work: @escaping () -> Spawn.Outcome) -> Spawn.Outcome {
        var outcome = Spawn.Outcome.failed(EAGAIN)
        _ = onItsOwnThread {
            guard leaveFileSettings() == 0 else { return outcome = .failed(errno) }
            umask(0o057)
            outcome = work()
        }
        return outcome
    }

    /// The kernel shows a new program's environment some microseconds after it lets the parent go on.
    private func awaitEnvironment(of pid: Int32) {
        for _ in 0..<100 {
            guard ProcFile.read("/proc/\(pid)/environ")?.isEmpty == true, identity(of: pid) != nil else {
                return
            }
            usleep(100)
        }
    }

    public func isRunning(_ process: ProcessIdentity) -> Bool {
        reap(process)
        guard process.boot == ProcFile.boot, let record = ProcessRecord(pid: process.pid) else {
            return false
        }
        return record.started == process.started && !record.isDead
    }

    public func ending(of process: ProcessIdentity) -> ProcessEnding? {
        reap(process)
        return endings.known(of: process)
    }

    public func program(of process: ProcessIdentity) -> String {
        isRunning(process) ? Relative.program("/proc/\(process.pid)") : ""
    }

    public func signal(_ process: ProcessIdentity, _ signal: ProcessSignal) {
        guard process.pid > 1, process.boot == ProcFile.boot else { return }
        if case .kill = signal { return kill([process]) }
        let leader = ProcessRecord(pid: process.pid)
        if let leader, leader.started != process.started { return }
        if let leader, !leader.isDead {
            Glibc.kill(process.pid, signal.number)
        } else {
            for member in living(of: [process]) { Glibc.kill(member.pid, signal.number) }
        }
        reap(process)
    }

    public func kill(_ processes: [ProcessIdentity]) {
        var reached: Set<ProcessIdentity> = []
        // Children born while the others were signalled would outlive them.
        while true {
            let born = living(of: processes).filter { !reached.contains($0) }
            if born.isEmpty { break }
            for member in born { Glibc.kill(member.pid, SIGKILL) }
            reached.formUnion(born)
        }
        for process in processes { reap(process) }
    }

    /// These processes and all others of their sessions, without the dead.
    private func living(of leaders: [ProcessIdentity]) -> [ProcessIdentity] {
        let leaders = byNumber(leaders)
        return leaders.isEmpty ? [] : ProcFile.pids().compactMap { follower($0, of: leaders) }
    }

    /// Without those whose number another process has: a session's is not given away while the session has members.
    func byNumber(_ leaders: [ProcessIdentity]) -> [Int32: ProcessIdentity] {
        let possible = leaders.filter { leader in
            leader.pid > 1 && leader.boot == ProcFile.boot
                && ProcessRecord(pid: leader.pid).map { $0.started == leader.started } != false
        }
        return Dictionary(possible.map { ($0.pid, $0) }) { first, _ in first }
    }

    /// The process, where it runs and is one of these or in the session that one of them leads or led; by their numbers.
    func follower(_ pid: Int32, of leaders: [Int32: ProcessIdentity]) -> ProcessIdentity? {
        guard pid > 1, mayFollow(pid, anyOf: leaders), let record = ProcessRecord(pid: pid), !record.isDead
        else { return nil }
        let isLeader = leaders[pid]?.started == record.started
        guard isLeader || leaders[record.session].map({ record.started >= $0.started }) == true else {
            return nil
        }
        return ProcessIdentity(pid: pid, started: record.started, boot: ProcFile.boot)
    }

    /// Whether it is the process or in its session, as far as that can be known without a look under `/proc`.
    func mayFollow(_ pid: Int32, anyOf leaders: [Int32: ProcessIdentity]) -> Bool {
        if leaders[pid] != nil { return true }
        let session = getsid(pid)
        return leaders[session] != nil || session < 0 && errno != ESRCH
    }

    public func isMember(_ process: ProcessIdentity, ofInstance marker: String) -> Bool {
        isRunning(process) && InstanceSign(marker).isCarried(by: process.pid)
    }

    public func identity(of pid: Int32) -> ProcessIdentity? {
        guard let record = ProcessRecord(pid: pid), !record.isDead else { return nil }
        return ProcessIdentity(pid: pid, started: record.started, boot: ProcFile.boot)
    }

    public var user: UInt32 { geteuid() }

    public func account(_ name: String) -> Account? {
        guard let entry = getpwnam(name)?.pointee, let group = getgrgid(entry.pw_gid)?.pointee else {
            return nil
        }
        return Account(
            name: name, user: entry.pw_uid, group: entry.pw_gid, groupName: String(cString: group.gr_name),
            home: String(cString: entry.pw_dir))
    }

    public func isMember(_ process: ProcessIdentity, ofSession leader: ProcessIdentity) -> Bool {
        if process == leader { return isRunning(process) }
        guard process.boot == leader.boot, process.boot == ProcFile.boot,
            let record = ProcessRecord(pid: process.pid), !record.isDead
        else { return false }
        return record.started == process.started && record.session == leader.pid
            && process.started >= leader.started
    }

    public func children(of process: ProcessIdentity) -> [ProcessIdentity] {
        guard isRunning(process) else { return [] }
        return (ProcFile.children(of: process.pid) ?? ProcFile.pids()).compactMap { pid in
            guard let record = ProcessRecord(pid: pid), record.parent == process.pid, !record.isDead else {
                return nil
            }
            return ProcessIdentity(pid: pid, started: record.started, boot: process.boot)
        }
    }

    /// Children of this very process stay zombies until somebody asks for their status.
    private func reap(_ process: ProcessIdentity) {
        guard process.pid > 1, let record = ProcessRecord(pid: process.pid), record.isDead,
            record.started == process.started
        else { return }
        endings.reap(process)
    }

    /// All but this one, those above it and the machine's first, in the order of their numbers.
    var others: [Int32] {
        let excluded = ourselvesAndAncestors()
        return ProcFile.pids().filter { $0 > 1 && !excluded.contains($0) }.sorted()
    }

    private func ourselvesAndAncestors() -> Set<Int32> {
        var found: Set<Int32> = []
        var pid = getpid()
        while pid > 0, found.insert(pid).inserted { pid = ProcessRecord(pid: pid)?.parent ?? 0 }
        return found
    }

    private func openLog(_ path: String) throws(DeployError) -> Descriptor {
        try files.makeFolder(parentFolder(of: path))
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK
        guard let log = Descriptor.open(path, flags, mode: 0o600), let information = log.information else {
            throw systemError(path, "cannot be opened for a service's output")
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw systemError(path, "is not a regular file", EINVAL)
        }
        if information.st_mode & 0o600 != 0o600 { fchmod(log.number, 0o600) }
        _ = fcntl(log.number, F_SETFL, O_APPEND)
        return log
    }

    private func failure(_ launch: ServiceLaunch, _ why: String) -> DeployError {
        DeployError(
            .stepFailed, what: "\(launch.command) cannot be started in \(launch.directory)", why: why,
            next: "deployctl doctor")
    }
}

extension Service.Stop.Signal {
    fileprivate var number: Int32 {
        switch self {
        case .TERM: SIGTERM
        case .INT: SIGINT
        case .QUIT: SIGQUIT
        case .HUP: SIGHUP
        case .USR1: SIGUSR1
        case .USR2: SIGUSR2
        case .WINCH: SIGWINCH
        }
    }
}

extension ProcessSignal {
    fileprivate var number: Int32 {
        switch self {
        case .ask(let signal): signal.number
        case .quit: SIGQUIT
        case .reload: SIGHUP
        case .kill: SIGKILL
        }
    }
}

func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    memmem(bytes, bytes.count, part, part.count) != nil
}

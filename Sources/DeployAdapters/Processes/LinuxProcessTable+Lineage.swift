import DeployCore
import Glibc

extension LinuxProcessTable {
    /// Empty where a process above this one is hidden by somebody who may.
    public var lineage: [Relative] {
        // A process above may end while it is looked at; then what is below it has another parent now.
        for _ in 0..<20 {
            if let found = wholeLineage() { return found }
        }
        return []
    }

    private func wholeLineage() -> [Relative]? {
        var found: [Relative] = []
        var pid = getpid()
        while pid > 0, found.count < 256 {
            if ProcCover.lies(over: pid) { return [] }
            guard let relative = Relative.now(pid) else {
                if Glibc.kill(pid, 0) == 0 { return [] }
                // Of another user's process only its number may be visible.
                return errno == EPERM && !found.isEmpty ? found : nil
            }
            found.append(relative)
            pid = relative.parent
        }
        return found
    }
}

extension Relative {
    /// The process as it is; nil when there is none.
    static func now(_ pid: Int32) -> Relative? {
        guard let record = ProcessRecord(pid: pid) else { return nil }
        let place = "/proc/\(pid)"
        let words = ProcFile.read("\(place)/cmdline") ?? []
        let unit = SystemdUnit(of: pid)
        return Relative(
            pid: pid, parent: record.parent, session: record.session, hasTerminal: record.terminal != 0,
            user: Self.user(place),
            program: Self.program(place),
            arguments: words.split(separator: 0).map { String(decoding: $0, as: UTF8.self) },
            unit: unit?.name ?? "", isEldestOfUnit: unit?.isStarted(pid, record.started) ?? true,
            age: Self.age(since: record.started), isRoot: Self.isRoot(place),
            isInstalled: Self.lies(place, in: .ofTheSystem),
            isTrusted: TrustedPaths.programs.contains { $0 == readLink("\(place)/exe") }
                && Self.lies(place, in: .ours),
            servesInstance: InheritedMark.isCarriedFromAService(by: pid)
                || Set([pid, record.session, getpgid(pid)]).contains(where: Self.servesInstance))
    }

    /// Who it is, was and may become again.
    private static func isRoot(_ place: String) -> Bool {
        let users =
            ProcFile.lines("\(place)/status").first { $0.begins(with: "Uid:") }?.words.dropFirst() ?? []
        return users.count == 4 && users.allSatisfy { $0 == "0" }
    }

    /// Whether the very file that runs lies where nobody but these owners could have put it.
    private static func lies(_ place: String, in ownership: Ownership) -> Bool {
        var (runs, lies) = (stat(), stat())
        guard let file = readLink("\(place)/exe"), stat("\(place)/exe", &runs) == 0, stat(file, &lies) == 0
        else { return false }
        return runs.st_dev == lies.st_dev && runs.st_ino == lies.st_ino
            && ownership.stranger(on: file) == nil
    }

    private static func servesInstance(_ pid: Int32) -> Bool {
        guard pid > 1, let variables = ProcFile.read("/proc/\(pid)/environ") else { return false }
        return contains([0] + variables, Array("\0DEPLOYCTL_INSTANCE=".utf8))
    }

    /// The first of the four that the kernel lists: the real one.
    private static func user(_ place: String) -> UInt32 {
        let line = ProcFile.lines("\(place)/status").lazy.compactMap { $0.after("Uid:") }.first
        return line?.words.first.flatMap { UInt32($0) } ?? 0
    }

    private static func age(since started: UInt64) -> Double {
        // Not /proc/uptime, over which something else may be mounted.
        var uptime = timespec()
        guard clock_gettime(CLOCK_BOOTTIME, &uptime) == 0, case let rate = sysconf(Int32(_SC_CLK_TCK)),
            rate > 0
        else { return 0 }
        return max(0, Double(uptime.tv_sec) - Double(started) / Double(rate))
    }

    static func program(_ place: String) -> String {
        if let file = readLink("\(place)/exe") {
            return String(file.split(at: "/").last ?? "")
        }
        return String(ProcFile.lines("\(place)/comm").first ?? "")
    }
}

/// The control group in which systemd keeps what it started.
private struct SystemdUnit {
    let name: String
    private let members: String
    /// Whose manager keeps it; nil: the machine's.
    private let user: String?

    /// nil where systemd does not run, or keeps nothing about this process.
    init?(of pid: Int32) {
        guard access("/run/systemd/system", F_OK) == 0 else { return nil }
        for line in ProcFile.lines("/proc/\(pid)/cgroup") {
            let parts = line.split(at: ":", max: 2, keepsEmpty: true)
            guard parts.count == 3, parts[1].isEmpty || parts[1] == "name=systemd" else { continue }
            let folders = parts[2].split(at: "/")
            guard
                let last = folders.lastIndex(where: { $0.ends(with: ".service") || $0.ends(with: ".scope") })
            else { continue }
            name = String(folders[last])
            user = folders[..<last].lazy.compactMap { $0.after("user@")?.before(".service") }.first.map(
                String.init)
            let root = parts[1].isEmpty ? "/sys/fs/cgroup" : "/sys/fs/cgroup/systemd"
            members = "\(root)\(parts[2])/cgroup.procs"
            return
        }
        return nil
    }

    /// Whether systemd began it and nothing else of the unit: it is the eldest, or what the unit's file starts.
    ///
    /// What a service that was started anew had left is older than it.
    func isStarted(_ pid: Int32, _ started: UInt64) -> Bool {
        isEldest(pid, started) || name.ends(with: ".service") && getsid(pid) == pid && mainProcess == pid
    }

    /// By no program that somebody else could have put in its place; nil where systemd does not say.
    private var mainProcess: Int32? {
        let words = ["show", "--property", "MainPID", "--value", name]
        var request = CommandRequest(
            Command("/usr/bin/systemctl", (user == nil ? [] : ["--user"]) + words), deadline: .seconds(5))
        if let user { request.environment["XDG_RUNTIME_DIR"] = "/run/user/\(user)" }
        return Int32(ProcessCommandRunner(interruption: Undisturbed()).run(request).output.trimmed)
    }

    /// False also where the unit does not say who is in it.
    private func isEldest(_ pid: Int32, _ started: UInt64) -> Bool {
        let pids = ProcFile.lines(members).compactMap { Int32($0) }
        return pids.contains(pid)
            && pids.allSatisfy { other in
                guard other != pid, let record = ProcessRecord(pid: other), !record.isDead else {
                    return true
                }
                return (record.started, other) > (started, pid)
            }
    }
}

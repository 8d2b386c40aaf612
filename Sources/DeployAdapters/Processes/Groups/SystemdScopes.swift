import DeployCore
import Glibc

/// Groups as systemd makes them: a slice for an environment, and in it a scope for each service.
struct SystemdScopes {
    /// Whose manager is asked; 0: the machine's.
    let user: UInt32

    static func slice(of group: ResourceGroup) -> String { "\(group.root)-\(group.outer).slice" }
    static func scope(of group: ResourceGroup) -> String { "deployctl-\(group.outer).\(group.name).scope" }

    /// Has systemd take the process into a scope of its own and limit it and its slice; why it does not, or nil.
    func place(_ pid: Int32, in group: ResourceGroup) -> String? {
        let (scope, slice) = (Self.scope(of: group), Self.slice(of: group))
        let properties = [["PIDs", "au", "1", "\(pid)"]] + Self.properties(of: group)
        let made = manager(
            ["StartTransientUnit", "ssa(sv)a(sa(sv))", scope, "fail", "\(properties.count)"]
                + properties.joined() + ["0"])
        guard made.succeeded else { return "systemd makes no \(scope): \(made.explanation)" }
        guard waitForMove(of: pid, to: scope) else { return "systemd does not bring it to \(scope)" }
        let set = set(Self.properties(group.environmentLimits, all: true), of: slice)
        return set.succeeded ? nil : "systemd does not limit \(slice): \(set.explanation)"
    }

    /// Has systemd keep how little the slice above the environment's gets where something else wants a processor.
    func letYield(_ group: ResourceGroup) {
        _ = set([["CPUWeight", "t", "\(ControlGroup.weightOfYielding)"]], of: "\(group.root).slice")
    }

    /// What a group's scope is told, as the bus takes it.
    ///
    /// Left alone, systemd would wait for what is deaf to its request for a minute and a half when the machine ends.
    static func properties(of group: ResourceGroup) -> [[String]] {
        let longest = ResourceGroup.longestFarewell
        let farewell = min(max(group.farewell ?? longest, 1), longest)
        return [
            ["Slice", "s", slice(of: group)], ["Description", "s", "Started by deployctl"],
            ["CollectMode", "s", group.isOfCommands ? "inactive-or-failed" : "inactive"],
            ["TimeoutStopUSec", "t", "\(Int((farewell * 1_000_000).rounded()))"],
        ] + properties(group.limits)
    }

    private func set(_ properties: [[String]], of unit: String) -> CommandResult {
        manager(["SetUnitProperties", "sba(sv)", unit, "true", "\(properties.count)"] + properties.joined())
    }

    /// Forgets how the scope ended.
    func forget(_ group: ResourceGroup) {
        _ = run(Command("systemctl", ofUser + ["reset-failed", Self.scope(of: group)]))
    }

    /// Whether the scope ended because memory lacked.
    func lackedMemory(_ group: ResourceGroup) -> Bool {
        let scope = Self.scope(of: group)
        let shown = run(Command("systemctl", ofUser + ["show", "--property", "Result", scope]))
        return shown.output.trimmed == "Result=oom-kill" || KernelLog.saysMemoryLacked(in: [scope])
    }

    /// Whether the manager can be spoken to.
    var refusal: String? {
        let asked = run(Command("busctl", bus + ["status", "org.freedesktop.systemd1"]))
        return asked.succeeded ? nil : asked.explanation
    }

    private static func properties(_ limits: Limits, all: Bool = false) -> [[String]] {
        let none = "\(UInt64.max)"
        let memory = limits.memory.map { "\($0)" } ?? (all ? none : nil)
        let cpu = limits.cpu.map { "\(Int(($0 * 1_000_000).rounded()))" } ?? (all ? none : nil)
        let processes = limits.processes.map { "\($0)" } ?? (all ? none : nil)
        return [
            memory.map { ["MemoryMax", "t", $0] },
            memory.map { ["MemorySwapMax", "t", $0 == none ? none : "0"] },
            cpu.map { ["CPUQuotaPerSecUSec", "t", $0] }, processes.map { ["TasksMax", "t", $0] },
        ].compactMap(\.self)
    }

    private func waitForMove(of pid: Int32, to scope: String) -> Bool {
        for _ in 0..<5000 {
            if ProcFile.lines("/proc/\(pid)/cgroup").contains(where: { $0.ends(with: "/\(scope)") }) {
                return true
            }
            usleep(1000)
        }
        return false
    }

    private var ofUser: [String] { user == 0 ? [] : ["--user"] }
    private var bus: [String] { ofUser + ["--timeout=10"] }

    private func manager(_ words: [String]) -> CommandResult {
        run(
            Command(
                "busctl",
                bus + [
                    "call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                    "org.freedesktop.systemd1.Manager",
                ] + words))
    }

    private func run(_ command: Command) -> CommandResult {
        var request = CommandRequest(command, deadline: .seconds(15))
        if user != 0 { request.environment["XDG_RUNTIME_DIR"] = "/run/user/\(user)" }
        return ProcessCommandRunner(interruption: Undisturbed()).run(request)
    }
}

/// What a child waits for is not given up half-way.
struct Undisturbed: Interruption {
    func requested() -> ExitCode? { nil }
    func shield() {}
}

import DeployCore
import Glibc

/// One group in one tree: its limits, its processes, what they take.
struct ControlGroup {
    var hierarchy: ControlHierarchy
    /// Absolute.
    var folder: String

    private var isUnified: Bool { hierarchy.isUnified }

    var isThere: Bool { folderNames(folder) != nil }

    /// The numbers of its processes, without those of groups inside.
    var processes: [Int32] { ProcFile.lines("\(folder)/cgroup.procs").compactMap { Int32($0) } }

    /// Made with those it lies in, down from `base`; in the second version they are told what to limit.
    ///
    /// - Returns: why it cannot be; nil where it is there.
    func make(beneath base: String) -> String? {
        var place = base
        for part in (folder.after("\(base)/") ?? "").split(at: "/") {
            if isUnified, let refusal = allowLimits(in: place) { return refusal }
            place += "/\(part)"
            guard mkdir(place, 0o755) == 0 || errno == EEXIST else { return Self.refusal(place) }
        }
        return nil
    }

    private func allowLimits(in folder: String) -> String? {
        let wanted = ControlHierarchy.controllers.filter { hierarchy.kinds.contains($0.value) }.keys.sorted()
        let path = "\(folder)/cgroup.subtree_control"
        let allowed = ProcFile.lines(path).first.map { $0.split(at: " ").map(String.init) } ?? []
        let missing = wanted.filter { !allowed.contains($0) }
        guard !missing.isEmpty else { return nil }
        return write(missing.map { "+\($0)" }.joined(separator: " "), toPath: path)
    }

    /// Why it cannot be; nil where the process is in it.
    func add(_ pid: Int32) -> String? { write("\(pid)", to: "cgroup.procs") }

    /// Sets what this tree can limit, and takes away every other limit of it.
    func set(_ limits: Limits) -> String? {
        for kind in Limits.Kind.allCases where hierarchy.kinds.contains(kind) {
            let refusal =
                switch kind {
                case .memory: setMemory(limits.memory)
                case .cpu: setCPU(limits.cpu)
                case .processes: write(limits.processes.map { "\($0)" } ?? "max", to: "pids.max")
                }
            if let refusal { return refusal }
        }
        return nil
    }

    /// What does not fit is not moved to disk instead, where it would slow down everybody.
    private func setMemory(_ bytes: Int64?) -> String? {
        guard isUnified else {
            let text = bytes.map { "\($0)" } ?? "-1"
            // One bound may never be above the other, whether they rise or fall.
            _ = write(text, to: "memory.limit_in_bytes")
            _ = write(text, to: "memory.memsw.limit_in_bytes")
            return write(text, to: "memory.limit_in_bytes")
        }
        _ = write(bytes == nil ? "max" : "0", to: "memory.swap.max")
        return write(bytes.map { "\($0)" } ?? "max", to: "memory.max")
    }

    private static let period = 100_000

    private func setCPU(_ processors: Double?) -> String? {
        let quota = processors.map { Int(($0 * Double(Self.period)).rounded()) }
        guard isUnified else {
            if quota == nil, number("cpu.cfs_quota_us") == -1 { return nil }
            return write("\(Self.period)", to: "cpu.cfs_period_us")
                ?? write("\(quota ?? -1)", to: "cpu.cfs_quota_us")
        }
        return write("\(quota.map { "\($0)" } ?? "max") \(Self.period)", to: "cpu.max")
    }

    /// Of a hundred that everything else has; the first version counts in 1024.
    static let weightOfYielding = 10

    private var weight: (file: String, text: String) {
        isUnified
            ? ("cpu.weight", "\(Self.weightOfYielding)")
            : ("cpu.shares", "\(Self.weightOfYielding * 1024 / 100)")
    }

    /// Whether it gets little of a processor that others want too; false where that is not in this tree.
    var yields: Bool {
        ProcFile.lines("\(folder)/\(weight.file)").first.map { String($0) } == weight.text
    }

    /// Why it cannot be; nil where it does from now on.
    func letYield() -> String? { yields ? nil : write(weight.text, to: weight.file) }

    /// As the kernel keeps them.
    var limits: Limits {
        var limits = Limits()
        if hierarchy.kinds.contains(.memory) {
            limits.memory = number(isUnified ? "memory.max" : "memory.limit_in_bytes").flatMap {
                $0 >= Int64.max / 2 ? nil : $0
            }
        }
        if hierarchy.kinds.contains(.cpu) { limits.cpu = cpu }
        if hierarchy.kinds.contains(.processes) { limits.processes = number("pids.max").map { Int($0) } }
        return limits
    }

    private var cpu: Double? {
        if !isUnified {
            guard let quota = number("cpu.cfs_quota_us"), quota > 0,
                let period = number("cpu.cfs_period_us"), period > 0
            else { return nil }
            return Double(quota) / Double(period)
        }
        let words = ProcFile.lines("\(folder)/cpu.max").first.map { $0.split(at: " ") } ?? []
        guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]) else {
            return nil
        }
        return quota / period
    }

    /// Bytes that are charged to it; nil where they are not counted.
    var memory: Int64? { number(isUnified ? "memory.current" : "memory.usage_in_bytes") }

    var processCount: Int? { number("pids.current").map { Int($0) } }

    /// How many of its processes the kernel killed for want of memory.
    var kills: Int {
        let file = isUnified ? "memory.events" : "memory.oom_control"
        let line = ProcFile.lines("\(folder)/\(file)").first { $0.begins(with: "oom_kill ") }
        return line.flatMap { Int($0.dropFirst(9)) } ?? 0
    }

    func kill() {
        if isUnified, write("1", to: "cgroup.kill") == nil { return }
        for pid in processes where pid > 1 { Glibc.kill(pid, SIGKILL) }
    }

    /// Whether it is gone; one with processes stays.
    func remove() -> Bool { rmdir(folder) == 0 || errno == ENOENT }

    private func number(_ file: String) -> Int64? {
        ProcFile.lines("\(folder)/\(file)").first.flatMap { Int64($0) }
    }

    private func write(_ text: String, to file: String) -> String? {
        write(text, toPath: "\(folder)/\(file)")
    }

    private func write(_ text: String, toPath path: String) -> String? {
        guard let file = Descriptor.open(path, O_WRONLY) else { return Self.refusal(path) }
        let bytes = Array(text.utf8)
        return Glibc.write(file.number, bytes, bytes.count) == bytes.count ? nil : Self.refusal(path)
    }

    private static func refusal(_ path: String) -> String { "\(path): \(String(cString: strerror(errno)))" }
}

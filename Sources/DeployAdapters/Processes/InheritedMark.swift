import DeployCore
import Glibc

/// A number that every descendant of a service carries, also one that left its session and emptied its variables.
///
/// It is a limit which the kernel hands on to children and shows under `/proc`: the real-time work of a process, in
/// microseconds. The number is a hundred thousand years, so that it limits nothing.
struct InheritedMark {
    private let number: UInt64
    private static let realTimeWork: Int32 = 15

    /// The mark of one instance; `folder` is what `DEPLOYCTL_INSTANCE` says.
    init(of folder: String) {
        number = 1 << 62 | (UInt64(SHA256.hexadecimal(of: folder).prefix(14), radix: 16) ?? 0)
    }

    /// What `work` starts carries the mark; nothing does where an administrator set a lower limit.
    func carried<Value>(by work: () -> Value) -> Value {
        var before = rlimit()
        guard processLimit(0, Self.realTimeWork, nil, &before) == 0 else { return work() }
        var marked = before
        marked.rlim_cur = rlim_t(number)
        guard processLimit(0, Self.realTimeWork, &marked, nil) == 0 else { return work() }
        defer { _ = processLimit(0, Self.realTimeWork, &before, nil) }
        return work()
    }

    func isCarried(by pid: Int32) -> Bool { Self.numbers(of: pid).contains(number) }

    /// Whether the process descends from a service, of whichever instance.
    static func isCarriedFromAService(by pid: Int32) -> Bool {
        numbers(of: pid).contains { $0 >> 62 == 1 }
    }

    /// Its limits that are numbers.
    private static func numbers(of pid: Int32) -> [UInt64] {
        let line = ProcFile.lines("/proc/\(pid)/limits").first { $0.begins(with: "Max realtime timeout ") }
        return line?.words.compactMap { UInt64($0) } ?? []
    }
}

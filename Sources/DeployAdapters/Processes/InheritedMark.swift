import DeployCore
import Glibc

/// A number that every descendant of a service carries, also one that left its session and emptied its variables.
///
/// It is a limit which the kernel hands on to children and shows under `/proc`: the real-time work of a process, in
/// microseconds. The number is a hundred thousand years, so that it limits nothing.
struct InheritedMark {
    let number: UInt64

    /// The mark of one instance; `folder` is what `DEPLOYCTL_INSTANCE` says.
    init(of folder: String) {
        number = 1 << 62 | (UInt64(SHA256.hexadecimal(of: folder).prefix(14), radix: 16) ?? 0)
    }

    func isCarried(by pid: Int32) -> Bool { Self.limit(of: pid).map(isCarried) ?? false }

    func isCarried(by limit: Limit) -> Bool { limit.soft == number || limit.hard == number }

    struct Limit: Equatable {
        let soft, hard: UInt64
    }

    /// Whether the process descends from a service, of whichever instance.
    ///
    /// Who carries the mark may lower the limit, and never lift it; so any that the machine's first process has not
    /// counts as one.
    static func isCarriedFromAService(by pid: Int32) -> Bool {
        guard let hard = hardLimit(of: pid) else { return false }
        return hardLimit(of: 1).map { hard < $0 } ?? true
    }

    /// Whether a call tells that the limit is the machine's own; false where that would have to be read.
    static func isKnownToDescendFromNone(_ pid: Int32) -> Bool {
        asked(of: pid).map { $0 == machine } ?? false
    }

    /// That of the machine's first process, and of all that descend from no service.
    static let machine = limit(of: 1)

    /// nil: there is none.
    private static func hardLimit(of pid: Int32) -> UInt64? {
        limit(of: pid).flatMap { $0.hard == unlimited ? nil : $0.hard }
    }

    /// nil where there is no such process.
    private static func limit(of pid: Int32) -> Limit? { asked(of: pid) ?? read(of: pid) }

    /// By a call, which takes a tenth of what reading takes; nil where the kernel does not say: of another account's
    /// processes it tells the superuser alone, and everybody under `/proc`.
    static func asked(of pid: Int32) -> Limit? {
        var limit = rlimit()
        guard pid > 0, processLimit(pid, realTime, nil, &limit) == 0 else { return nil }
        return Limit(soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
    }

    static func read(of pid: Int32) -> Limit? {
        let line = ProcFile.lines("/proc/\(pid)/limits").first { $0.begins(with: "Max realtime timeout ") }
        // At the end stands the unit.
        let values = (line?.words.dropLast().suffix(2) ?? []).compactMap {
            $0 == "unlimited" ? unlimited : UInt64($0)
        }
        return values.count == 2 ? Limit(soft: values[0], hard: values[1]) : nil
    }

    private static let (realTime, unlimited): (Int32, UInt64) = (15, .max)
}

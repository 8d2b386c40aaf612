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

    func isCarried(by pid: Int32) -> Bool { Self.numbers(of: pid).contains(number) }

    /// Whether the process descends from a service, of whichever instance.
    ///
    /// Who carries the mark may lower the limit, and never lift it; so any that the machine's first process has not
    /// counts as one.
    static func isCarriedFromAService(by pid: Int32) -> Bool {
        guard let hard = hardLimit(of: pid) else { return false }
        return hardLimit(of: 1).map { hard < $0 } ?? true
    }

    /// nil: there is none.
    private static func hardLimit(of pid: Int32) -> UInt64? {
        let words = line(of: pid)
        return words.count >= 2 ? UInt64(words[words.count - 2]) : nil
    }

    /// Its limits that are numbers.
    private static func numbers(of pid: Int32) -> [UInt64] { line(of: pid).compactMap { UInt64($0) } }

    /// What the kernel says of the limit: soft, hard, unit at the end.
    private static func line(of pid: Int32) -> [Substring] {
        ProcFile.lines("/proc/\(pid)/limits").first { $0.begins(with: "Max realtime timeout ") }?.words ?? []
    }
}

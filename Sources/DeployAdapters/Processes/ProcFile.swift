import Glibc

/// What the kernel tells about processes under `/proc`.
enum ProcFile {
    static let boot: String = {
        let text = read("/proc/sys/kernel/random/boot_id").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return String(text.firstLine)
    }()

    /// The file's bytes; nil when the process is gone or not ours to see.
    static func read(_ path: String) -> [UInt8]? { Descriptor.open(path, O_RDONLY)?.readAll() }

    static func lines(_ path: String) -> [Substring] {
        guard let bytes = read(path) else { return [] }
        return String(decoding: bytes, as: UTF8.self).lines
    }

    /// What a process's descriptors point to.
    static func openFiles(of pid: Int32) -> [String] {
        (folderNames("/proc/\(pid)/fd") ?? []).compactMap { readLink("/proc/\(pid)/fd/\($0)") }
    }

    /// The numbers of all processes.
    static func pids() -> [Int32] { folderNames("/proc")?.compactMap { Int32($0) } ?? [] }
}

/// The fields of `/proc/PID/stat` that matter here.
struct ProcessRecord {
    var pid: Int32
    var state: UInt8
    var parent: Int32
    var session: Int32
    /// The controlling terminal's number; 0 without one.
    var terminal: UInt64
    /// Clock ticks since boot.
    var started: UInt64

    /// nil when there is no such process.
    ///
    /// Read from bytes, because every process of the machine is looked at and text costs ten times as much.
    init?(pid: Int32) {
        guard pid > 0, let bytes = ProcFile.read("/proc/\(pid)/stat") else { return nil }
        // A program's name may hold spaces and parentheses.
        guard let name = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(name + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 20)
        guard fields.count > 19, let state = fields[0].first, let parent = number(fields[1]),
            let session = number(fields[3]), let terminal = number(fields[4]),
            let started = number(fields[19])
        else { return nil }
        self.pid = pid
        self.state = state
        self.parent = Int32(truncatingIfNeeded: parent)
        self.session = Int32(truncatingIfNeeded: session)
        self.terminal = terminal
        self.started = started
    }

    var isDead: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }
}

/// Decimal digits; nil for anything else.
private func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
        guard (48...57).contains(digit) else { return nil }
        value = value &* 10 &+ UInt64(digit - 48)
    }
    return digits.isEmpty ? nil : value
}

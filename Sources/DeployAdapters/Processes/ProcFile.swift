import Glibc

/// What the kernel tells about processes under `/proc`.
enum ProcFile {
    static let boot: String = {
        let text = read("/proc/sys/kernel/random/boot_id").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return String(text.prefix { $0 != "\n" })
    }()

    /// The file's bytes; nil when the process is gone or not ours to see.
    static func read(_ path: String) -> [UInt8]? { Descriptor.open(path, O_RDONLY)?.readAll() }

    static func lines(_ path: String) -> [Substring] {
        guard let bytes = read(path) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
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
    /// Clock ticks since boot.
    var started: UInt64

    /// nil when there is no such process.
    init?(pid: Int32) {
        guard pid > 0, let bytes = ProcFile.read("/proc/\(pid)/stat") else { return nil }
        // A program's name may hold spaces and parentheses.
        guard let name = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = String(decoding: bytes[(name + 1)...], as: UTF8.self).split(separator: " ")
        guard fields.count > 19, let state = fields[0].utf8.first, let parent = Int32(fields[1]),
            let session = Int32(fields[3]), let started = UInt64(fields[19])
        else { return nil }
        self.pid = pid
        self.state = state
        self.parent = parent
        self.session = session
        self.started = started
    }

    var isDead: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }
}

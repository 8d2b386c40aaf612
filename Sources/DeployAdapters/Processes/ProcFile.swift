import Glibc

/// What the kernel tells about processes under `/proc`.
enum ProcFile {
    static let boot: String = {
        let text = read("/proc/sys/kernel/random/boot_id").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return String(text.firstLine)
    }()

    /// The file's bytes; nil when the process is gone or not ours to see.
    ///
    /// The kernel gives no size of these, so they are read piece by piece; most fit into one.
    static func read(_ path: String) -> [UInt8]? {
        guard let file = Descriptor.open(path, O_RDONLY) else { return nil }
        return withUnsafeTemporaryAllocation(byteCount: 1 << 14, alignment: 1) { buffer in
            var bytes: [UInt8] = []
            while true {
                let count = file.read(into: buffer)
                if count < 0 { return nil }
                if count == 0 { return bytes }
                bytes.append(contentsOf: buffer[..<count])
            }
        }
    }

    static func lines(_ path: String) -> [Substring] {
        guard let bytes = read(path) else { return [] }
        return String(decoding: bytes, as: UTF8.self).lines
    }

    /// What a process's descriptors point to.
    static func openFiles(of pid: Int32) -> [String] {
        (folderNames("/proc/\(pid)/fd") ?? []).compactMap { readLink("/proc/\(pid)/fd/\($0)") }
    }

    /// Whether one of its descriptors points to one of these, each a link's text.
    static func holds(anyOf links: [[UInt8]], _ pid: Int32) -> Bool {
        guard let folder = opendir("/proc/\(pid)/fd") else { return false }
        defer { closedir(folder) }
        // What is asked for is short; a longer link is cut, and then is another one.
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { target in
            guard let start = target.baseAddress else { return false }
            while let entry = readdir(folder) {
                let count = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                        readlinkat(dirfd(folder), $0, start, target.count)
                    }
                }
                if links.contains(where: { $0.count == count && memcmp($0, start, count) == 0 }) {
                    return true
                }
            }
            return false
        }
    }

    /// The numbers of a process's children, without a look at all others; nil where the kernel does not list them.
    static func children(of pid: Int32) -> [Int32]? {
        guard let threads = folderNames("/proc/\(pid)/task") else { return nil }
        var found: [Int32] = []
        for thread in threads {
            guard let bytes = read("/proc/\(pid)/task/\(thread)/children") else { return nil }
            found += bytes.split(separator: UInt8(ascii: " ")).compactMap {
                Int32(String(decoding: $0, as: UTF8.self))
            }
        }
        return found
    }

    /// The numbers of all processes.
    static func pids() -> [Int32] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [Int32] = []
        while let entry = readdir(folder) {
            let number = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { strtol($0, nil, 10) }
            }
            if number > 0 { found.append(Int32(truncatingIfNeeded: number)) }
        }
        return found
    }
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

import Foundation
import XCTest

/// Planted secrets, and a look for them wherever somebody else could read them: arguments and environments of every
/// process and the pages of the state while something runs, and afterwards outputs, logs, state and every file left.
///
/// Where a secret may be is named by who plants it; everything else is a finding.
public final class CanaryScan: @unchecked Sendable {
    private let forms: [(name: String, bytes: [UInt8])]
    private let world: ProjectWorld
    /// Parts of paths below the world's folder where the secrets themselves lie.
    private let homes: [String]
    private let lock = NSLock()
    private var isWatching = false
    private var rounds = 0
    private var seen: Set<String> = []
    /// How many processes and files were looked at; a scan that sees none finds nothing either.
    public private(set) var looks = 0

    public init(_ canaries: [String: String], in world: ProjectWorld, homes: [String]) {
        self.world = world
        self.homes = homes
        forms = canaries.sorted { $0.key < $1.key }.flatMap { name, value in
            Self.spellings(of: value).map { (name, Array($0.utf8)) }
        }
    }

    public var findings: [String] { lock.withLock { seen.sorted() } }

    private static func spellings(of value: String) -> Set<String> {
        let escaped = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? value
        return [value, escaped, Data(value.utf8).base64EncodedString()]
    }

    /// Looks again and again until the work is done.
    public func watch<Value>(_ work: () throws -> Value) rethrows -> Value {
        lock.withLock { isWatching = true }
        let done = DispatchGroup()
        DispatchQueue.global().async(group: done) { [self] in
            while lock.withLock({ isWatching }) {
                lookAtProcesses()
                lookAtState()
                lock.withLock { rounds += 1 }
                // What is looked at needs the machine too.
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        defer {
            lock.withLock { isWatching = false }
            done.wait()
        }
        return try work()
    }

    /// Waits until what is there now was looked at by a watch, the round under way not counted.
    public func expectAWholeLook() throws {
        let wanted = lock.withLock { rounds } + 2
        try expect(
            eventually(within: 60) { lock.withLock { rounds } >= wanted }, "a watch that looks at everything")
    }

    /// Every file below the world's folder and what was left in shared folders since `start`.
    public func lookAtFiles(since start: Date) {
        look(below: world.folder, since: nil)
        for shared in ["/tmp", "/var/tmp", "/dev/shm", "/run"] { look(in: shared, since: start) }
    }

    /// What something said, such as an answer that no file holds.
    public func look(at text: String, of place: String) { judge(Array(text.utf8), place) }

    private func judge(_ bytes: [UInt8], _ place: String) {
        lock.withLock { looks += 1 }
        for form in forms where Self.contains(bytes, form.bytes) {
            lock.withLock { _ = seen.insert("\(form.name) in \(place)") }
        }
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first, bytes.count >= part.count else { return false }
        return bytes.withUnsafeBufferPointer { all in
            var start = 0
            while let place = all[start...].firstIndex(of: first) {
                guard place + part.count <= all.count else { return false }
                if all[place..<place + part.count].elementsEqual(part) { return true }
                start = place + 1
            }
            return false
        }
    }
}

extension CanaryScan {
    private func lookAtProcesses() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = Int32(name), pid != getpid() else { continue }
            let arguments = Self.bytes("/proc/\(pid)/cmdline", limit: 1 << 17)
            let program = arguments.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(
                separator: " ")
            judge(arguments, "arguments of \(program)")
            let variables = Self.bytes("/proc/\(pid)/environ", limit: 1 << 17)
            if !Self.mayKnow(variables) { judge(variables, "environment of \(program)") }
        }
    }

    /// The project's own programs get its secrets as variables: services, release commands, its migration tool.
    private static func mayKnow(_ variables: [UInt8]) -> Bool {
        contains(variables, Array("DEPLOYCTL_RELEASE=".utf8))
    }

    private func lookAtState() {
        for suffix in ["", "-journal", "-wal"] {
            judge(
                Self.bytes("\(world.project)/.deployctl/state.db\(suffix)", limit: 1 << 26),
                "state.db\(suffix)")
        }
    }

    private func look(below folder: String, since start: Date?) {
        guard let files = FileManager.default.enumerator(atPath: folder) else { return }
        for case let path as String in files { lookAtFile("\(folder)/\(path)", since: start) }
    }

    private func look(in folder: String, since start: Date) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            lookAtFile("\(folder)/\(name)", since: start)
        }
    }

    private func lookAtFile(_ path: String, since start: Date?) {
        guard !homes.contains(where: { path.contains($0) }),
            let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return }
        if let start, let changed = attributes[.modificationDate] as? Date, changed < start { return }
        judge(Self.bytes(path, limit: 1 << 26), path)
    }

    private static func bytes(_ path: String, limit: Int) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while all.count < limit, case let count = fread(&part, 1, part.count, file), count > 0 {
            all += part[..<count]
        }
        return all
    }
}

/// Everything below a folder of the application: unlike a release's manifest it has empty folders, permission
/// bits and any name.
public struct FolderContent: Hashable, Sendable {
    /// One file, link or folder.
    public struct Entry: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            case folder
            /// The digest is empty where only sizes were asked for.
            case file(bytes: Int64, sha256: String)
            case link(target: String)
        }

        /// Relative to the folder; every byte that is no printable ASCII stands as `%XX`.
        public var path: String
        public var kind: Kind
        /// Permission bits; 0 for a link.
        public var mode: UInt16

        public init(path: String, kind: Kind, mode: UInt16) {
            self.path = path
            self.kind = kind
            self.mode = mode
        }
    }

    /// In order of path.
    public var entries: [Entry]
    /// When each path was last changed, in nanoseconds, the folder itself under the empty path; empty where nobody looked.
    ///
    /// It is no part of the content: two contents are equal whatever it says.
    public var changed: [String: Int64] = [:]

    public init(entries: [Entry]) { self.entries = entries }

    public static func == (one: FolderContent, other: FolderContent) -> Bool { one.entries == other.entries }

    public func hash(into hasher: inout Hasher) { hasher.combine(entries) }

    /// Everything that is no folder.
    public var files: Int { entries.count { $0.kind != .folder } }

    /// Of all files together.
    public var bytes: Int64 {
        entries.reduce(0) { total, entry in
            if case .file(let bytes, _) = entry.kind { total + bytes } else { total }
        }
    }

    /// One line per entry: kind, mode, content, path.
    public var lines: String {
        entries.map { entry in
            let mode = String(entry.mode, radix: 8)
            return switch entry.kind {
            case .folder: "d \(mode) - \(entry.path)\n"
            case .file(let bytes, let sha256): "f \(mode) \(sha256):\(bytes) \(entry.path)\n"
            case .link(let target): "l \(mode) \(target) \(entry.path)\n"
            }
        }.joined()
    }

    /// Reads what `lines` wrote; nil when it is something else.
    public init?(lines: String) {
        entries = []
        for line in lines.lines {
            let parts = line.split(at: " ", keepsEmpty: true).map(String.init)
            guard parts.count == 4, let mode = UInt16(parts[1], radix: 8) else { return nil }
            switch parts[0] {
            case "d": entries.append(Entry(path: parts[3], kind: .folder, mode: mode))
            case "l": entries.append(Entry(path: parts[3], kind: .link(target: parts[2]), mode: mode))
            case "f":
                let content = parts[2].split(at: ":").map(String.init)
                guard content.count == 2, let bytes = Int64(content[1]) else { return nil }
                entries.append(
                    Entry(path: parts[3], kind: .file(bytes: bytes, sha256: content[0]), mode: mode))
            default: return nil
            }
        }
    }

    /// A name's bytes as they stand in a line: pure ASCII, because Swift takes some different names for equal.
    public static func escaped(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            if byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "%") {
                text.append(byte)
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `escaped` wrote down.
    public static func unescaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), let escaped = UInt8(digits, radix: 16) {
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// What differs from `other`, by path.
    public func changes(since other: FolderContent) -> Changes {
        let (now, then) = (byPath, other.byPath)
        var changes = Changes()
        for (path, entry) in now {
            switch then[path] {
            case nil: changes.added.append(path)
            case let old? where old != entry: changes.changed.append(path)
            default: break
            }
        }
        changes.removed = then.keys.filter { now[$0] == nil }
        return changes
    }

    /// Whether somebody changed this path since the other look at the same folder, or made and removed it.
    func moved(_ path: String, since other: FolderContent) -> Bool {
        let (now, then) = (changed[path], other.changed[path])
        guard now == nil, then == nil, !path.isEmpty else { return now != then }
        let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
        return moved(parent, since: other)
    }

    /// Paths, in no order.
    public struct Changes: Hashable, Sendable {
        public var added: [String] = []
        public var removed: [String] = []
        public var changed: [String] = []

        public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }
    }

    private var byPath: [String: Entry] {
        Dictionary(entries.map { ($0.path, $0) }) { first, _ in first }
    }
}

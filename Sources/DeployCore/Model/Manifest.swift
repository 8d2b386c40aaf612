/// The exact content of a release folder; its digest is the artefact's identity.
public struct Manifest: Hashable, Codable, Sendable {
    /// One file or link.
    public struct Entry: Hashable, Codable, Sendable {
        /// What is compared; times and owners are not.
        public enum Content: Hashable, Codable, Sendable {
            case file(sha256: String, executable: Bool)
            case link(target: String)
        }

        /// Relative to the folder.
        public var path: String
        public var content: Content

        public init(path: String, content: Content) {
            self.path = path
            self.content = content
        }
    }

    public var entries: [Entry]

    public init(entries: [Entry]) { self.entries = entries }

    /// SHA-256 of one line per entry, in hexadecimal.
    public var digest: String { SHA256.hexadecimal(of: lines) }

    /// One line per entry: kind, content, path.
    public var lines: String { entries.map(\.line).joined() }
}

extension Manifest.Entry {
    var line: String {
        switch content {
        case .file(let sha256, let executable): "\(executable ? "x" : "f") \(sha256) \(path)\n"
        case .link(let target): "l \(target) \(path)\n"
        }
    }
}

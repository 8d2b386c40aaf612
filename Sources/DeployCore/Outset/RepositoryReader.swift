import FoundationEssentials

/// Looks at a repository that may be of any size and hold anything: links are not followed, sockets and pipes not opened,
/// names that no definition could hold left out, and no more read than a few megabytes.
struct RepositoryReader {
    /// How much is looked at.
    struct Bounds: Sendable {
        var files = 4000
        var depth = 5
        /// Bytes of one file; what is larger is no source text.
        var fileSize = 512 << 10
        /// Bytes of all files together.
        var total = 6 << 20
    }

    let files: any FileStore
    /// Absolute.
    let folder: String
    var bounds = Bounds()

    /// What others wrote, what is made, and what is about the program rather than the program.
    private static let skipped = [
        "node_modules", "vendor", "venv", "env", "virtualenv", "__pycache__", "target", "environments",
        "test", "tests",
        "spec", "__tests__", "e2e", "coverage", "bower_components", "logs", "backups", "fixtures",
    ]
    private static let hidden = [".env.example", ".env.sample", ".env.dist", ".gitignore"]
    private static let named = [
        "Procfile", "Gemfile", "Dockerfile", "Pipfile", "Cargo.toml", "go.mod",
    ]
    private static let readable =
        RepositoryFiles.languages + [
            ".json", ".toml", ".txt", ".yml", ".yaml", ".cfg", ".ini", ".sh", ".conf",
        ]

    func read() -> RepositoryFiles {
        var paths: [String] = []
        var texts: [ByteText: String] = [:]
        var (left, isWhole) = (bounds.total, true)
        var waiting = [(path: "", depth: 0)]
        var next = 0
        while next < waiting.count {
            let (place, depth) = waiting[next]
            next += 1
            for name in files.names(in: place.isEmpty ? folder : "\(folder)/\(place)")
            where Self.isPlain(name) {
                guard paths.count < bounds.files, waiting.count < bounds.files else {
                    isWhole = false
                    break
                }
                let path = place.isEmpty ? name : "\(place)/\(name)"
                switch files.kind(of: "\(folder)/\(path)") {
                case .folder:
                    if depth < bounds.depth, !Self.isSkipped(name) { waiting.append((path, depth + 1)) }
                case .file:
                    guard !name.begins(with: ".") || Self.hidden.contains(where: { $0 == name }) else {
                        continue
                    }
                    paths.append(path)
                    if Self.isReadable(name), let text = text(path, left) {
                        texts[ByteText(path)] = text
                        left -= text.utf8.count
                    }
                case .link, .other, nil: continue
                }
            }
        }
        return RepositoryFiles(paths: paths, texts: texts, isWhole: isWhole)
    }

    /// What is no UTF-8 is replaced; nil for what is too large or cannot be read.
    private func text(_ path: String, _ left: Int) -> String? {
        let limit = min(bounds.fileSize, left)
        guard limit > 0, let read = try? files.read("\(folder)/\(path)", from: 0, limit: limit + 1),
            read.count <= limit
        else { return nil }
        return String(decoding: read, as: UTF8.self)
    }

    private static func isSkipped(_ name: String) -> Bool {
        name.begins(with: ".") || skipped.contains { $0 == name }
    }

    private static func isReadable(_ name: String) -> Bool {
        readable.contains { name.ends(with: $0) } || named.contains { $0 == name }
            || hidden.contains { $0 == name }
    }

    /// Whether a definition may hold the name as a part of a path, and a person may see it.
    private static func isPlain(_ name: String) -> Bool {
        TextRule.relativePath.accepts(name) && name.unicodeScalars.allSatisfy(Shown.isVisible)
    }
}

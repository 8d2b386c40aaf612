/// A repository's files, looked at once and within bounds: a value.
struct RepositoryFiles: Sendable {
    /// Relative to the repository, those nearest to its root first.
    let paths: [String]
    private let texts: [ByteText: String]
    /// Whether everything was looked at; otherwise there were more files than are read.
    let isWhole: Bool

    /// `texts` by relative path: what was read of the files.
    init(paths: [String], texts: [ByteText: String], isWhole: Bool = true) {
        self.paths = paths
        self.texts = texts
        self.isWhole = isWhole
    }

    func has(_ path: String) -> Bool { paths.contains { $0 == path } }

    /// nil for a file that is not there, or that is none of source text.
    func text(_ path: String) -> String? { texts[ByteText(path)] }

    /// The first of these that is there.
    func first(of candidates: [String]) -> String? { candidates.first(where: has) }

    /// Path and text of each source file whose name ends with one of these, nearest to the root first.
    func sources(_ endings: [String]) -> [(path: String, text: String)] {
        paths.compactMap { path in
            guard endings.contains(where: { path.ends(with: $0) }), let text = text(path) else { return nil }
            return (path, text)
        }
    }

    /// Every text of a programming language.
    var code: [(path: String, text: String)] { sources(Self.languages) }

    /// Endings of the files in which programs are written.
    static let languages = [
        ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".ru", ".php", ".go", ".rs", ".java", ".ex", ".exs",
    ]

    /// The folder a file lies in; empty for the root.
    static func folder(of path: String) -> String {
        path.cutLast(at: "/").map { String($0.before) } ?? ""
    }
}

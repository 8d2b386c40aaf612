/// A file that an application keeps beside its code, where no later release has it.
struct Stray: Hashable, Sendable {
    /// Relative to the release, or absolute in a container; as ``FolderContent`` writes paths.
    var path: String
    /// nil where nobody asked.
    var bytes: Int64?
    var isDatabase: Bool

    /// Endings that files of databases usually have.
    static func looksLikeDatabase(_ path: String) -> Bool {
        [".db", ".db3", ".sqlite", ".sqlite3", ".rdb", ".mdb"].contains { path.ends(with: $0) }
    }

    /// Whether it is made anew whenever it is missing, or lives as long as a process.
    static func isPassing(_ path: String) -> Bool {
        let parts = path.split(at: "/").map { String($0) }
        let (name, folders) = (parts.last ?? "", parts.dropLast())
        return folders.contains { folder in Self.passingFolders.contains { $0 == folder } }
            || [".pyc", ".pid", ".sock", ".lock", "-wal", "-shm", "-journal", ".swp"].contains {
                name.ends(with: $0)
            }
    }

    private static let passingFolders = [
        "__pycache__", "node_modules", ".cache", "cache", "tmp", ".pytest_cache", ".git",
    ]
}

extension [Stray] {
    /// Databases first, at most three of them; empty where there is none.
    var named: String {
        let first = filter(\.isDatabase) + filter { !$0.isDatabase }
        let some = first.prefix(3).map { stray in
            let said = [stray.isDatabase ? "a database" : nil, stray.bytes.map(HumanText.size)]
                .compactMap(\.self)
            return said.isEmpty ? stray.path : "\(stray.path) (\(said.joined(separator: ", ")))"
        }
        return some.joined(separator: ", ") + (count > 3 ? " and \(count - 3) more" : "")
    }

    /// What becomes of them, as a sentence; nil where there is none.
    func warning(of release: Timestamp, in environment: Environment) -> String? {
        guard !isEmpty else { return nil }
        let wayOut =
            contains(where: \.isDatabase)
            ? "let it use DATABASE_URL, or a folder of \"shared\"" : "name the folder in \"shared\""
        return
            "\(environment.name) keeps files in release \(release) that no other release has: \(named); copy them out, and \(wayOut)"
    }
}

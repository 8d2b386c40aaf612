import Glibc

/// PostgreSQL's clients themselves, where what the system has under their names is a script that looks for them.
///
/// Debian's takes several times as long as a short question does. For a server that is named it takes the newest version, and
/// so does this.
enum PostgreSQLClients {
    private static let programs = ["psql", "pg_dump", "pg_restore"]

    /// For the environment of the client `program`; nil where the one that is found first is no such script.
    static func path(to program: String) -> String? {
        path(to: program, of: BaseEnvironment.with([:])["PATH"], versions: "/usr/lib/postgresql")
    }

    /// `versions`: a folder with one for each version that is installed.
    static func path(to program: String, of searched: String?, versions: String) -> String? {
        guard let found = ProgramPath.find(program, path: searched, directory: nil), isScript(found),
            let folder = newest(in: versions)
        else { return nil }
        return [folder, searched].compactMap(\.self).joined(separator: ":")
    }

    private static func isScript(_ program: String) -> Bool {
        guard let real = realpath(program, nil) else { return false }
        defer { free(real) }
        return String(cString: real).ends(with: "/postgresql-common/pg_wrapper")
    }

    private static func newest(in versions: String) -> String? {
        let whole = LocalFileStore().names(in: versions).compactMap { name -> (Double, String)? in
            let clients = "\(versions)/\(name)/bin"
            guard let version = Double(name),
                programs.allSatisfy({ access("\(clients)/\($0)", X_OK) == 0 })
            else { return nil }
            return (version, clients)
        }
        return whole.max { $0.0 < $1.0 }?.1
    }
}

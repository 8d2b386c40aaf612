import DeployCore

/// PostgreSQL's own programs, which have to be as new as the server they work with.
struct PostgreSQLTools {
    let server: PostgreSQLServer

    /// What is older than the server; empty where they come with it, and where one does not say its version.
    func lacks() throws(DeployError) -> [DatabaseCaution] {
        guard case .machine = try server.access.clients.location(),
            let found = try? server.version(of: "pg_dump")
        else { return [] }
        let wanted = try server.version()
        guard found < wanted else { return [] }
        return [
            DatabaseCaution(
                subject: "programs",
                measured: "pg_dump has version \(found), the server \(wanted), and it dumps no newer one",
                next: Self.installing(wanted))
        ]
    }

    /// What to do where one of them says that it is too old; nil where none does.
    static func advice(for complaint: String) -> String? {
        guard complaint.holds("server version mismatch") else { return nil }
        let version = complaint.cut(at: "server version: ").flatMap { Int($0.after.leadingDigits) }
        return installing(version)
    }

    private static func installing(_ version: Int?) -> String {
        let package = "postgresql-client\(version.map { "-\($0)" } ?? ", of the server's version")"
        return "apt-get install \(package), from apt.postgresql.org where the system is older than the server"
    }
}

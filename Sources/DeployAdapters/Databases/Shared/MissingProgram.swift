import DeployCore

/// A program of a database server that this machine has not.
enum MissingProgram {
    private static let packages = [
        ("postgresql-client", ["psql", "pg_dump", "pg_restore"]), ("zstd", ["zstd"]),
        ("mariadb-client", DatabaseClients.mysql + DatabaseClients.mysqlDump),
    ]

    /// What to do where one of them could not be started; nil where that was not the cause.
    static func advice(for complaint: String) -> String? {
        guard complaint.holds("was not started") else { return nil }
        for (package, programs) in packages
        where programs.contains(where: { complaint.holds("\($0) is not installed") }) {
            return "apt-get install \(package), then run the same command again"
        }
        return nil
    }
}

import DeployCore

/// Rows that a copy of a copy need not have.
struct MySQLUntouchedRows {
    let server: MySQLServer
    let database: String

    /// Empties these tables, each where the server lets it be.
    ///
    /// A dump is read without a look at foreign keys, and no trigger runs.
    func remove(from tables: [String]) throws(DeployError) {
        guard !tables.isEmpty else { return }
        let name = MySQLText.identifier(database)
        let statements = tables.map { "TRUNCATE TABLE \(name).\(MySQLText.identifier($0));" }
        _ = try server.execute(
            "\(MySQLServer.settings)\nSET SESSION foreign_key_checks = 0;\n\(statements.joined(separator: "\n"))\n",
            in: database, as: .application, forced: true)
    }
}

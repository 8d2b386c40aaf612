import DeployCore

/// Rows of the past, which MariaDB keeps in tables `WITH SYSTEM VERSIONING`.
struct MySQLHistory {
    let server: MySQLServer
    let structure: MySQLStructure

    /// What makes the dump program carry them; nothing where there are none.
    ///
    /// - Throws: `.stepFailed` where a dump would lose them.
    func options(of program: String) throws(DeployError) -> [String] {
        let tables = structure.tables.filter(\.keepsHistory)
        guard let first = tables.first else { return [] }
        if let precise = tables.first(where: \.namesTransactions) {
            throw refusal(
                precise.name, "its history names transactions of this server, which no dump can carry",
                "let the period of \(precise.name) have columns of TIMESTAMP(6), or ALTER TABLE \(MySQLText.identifier(precise.name)) DROP SYSTEM VERSIONING"
            )
        }
        guard !MySQLVersion(structure.version).numbers.lexicographicallyPrecedes([10, 11]) else {
            throw refusal(
                first.name, "the server \(structure.version) takes no history back",
                "use MariaDB 10.11 or newer")
        }
        let clock = try server.query("SELECT @@GLOBAL.secure_timestamp;", as: .application)
        guard clock == [["NO"]] else {
            throw refusal(
                first.name, "with secure_timestamp nobody may write history",
                "let the server run with secure_timestamp=NO")
        }
        let option = "--dump-history"
        let known = server.access.commands.run(
            try server.request(program, as: .application, [option, "--version"]))
        guard known.succeeded else {
            throw refusal(
                first.name, "this \(program) does not know \(option)",
                "install MariaDB's client programs of 10.11 or newer")
        }
        return [option]
    }

    private func refusal(_ table: String, _ why: String, _ next: String) -> DeployError {
        DeployError(
            .stepFailed, what: "The history of table \(table) cannot be backed up", why: why, next: next)
    }
}

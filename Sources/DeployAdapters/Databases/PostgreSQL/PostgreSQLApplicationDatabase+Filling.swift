import DeployCore

extension PostgreSQLApplicationDatabase {
    /// All of it in one transaction, as a migration; the server reads the file, so psql sees nothing in it.
    public func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLText.check(location)
        guard !file.sql.utf8.contains(0) else { throw failure(of: file, "it contains a NUL byte") }
        let body = """
            BEGIN
                EXECUTE \(PostgreSQLText.verbatim(file.sql));
            \(file.isDiscreet ? Self.discretion : "")
            END
            """
        do throws(DeployError) {
            try client.answers(
                to: "SET lock_timeout = '60s';\n\(PostgreSQLScripts.block(body))", in: location.name,
                as: .application, deadline: Self.long)
        } catch {
            let place = Self.place(of: error.why, in: file.sql).map { "\($0): " } ?? ""
            throw failure(of: file, "\(place)\(error.why)")
        }
    }

    /// Any error may quote a value, also one about a name or the syntax: a value may have become either.
    private static let discretion = """
        EXCEPTION WHEN OTHERS OR assert_failure THEN
            RAISE EXCEPTION 'SQLSTATE %; what else the server says may hold values and is not repeated', SQLSTATE;
        """

    /// Nobody the dump names has to be on this server.
    public func adopt(_ payload: String, to location: DatabaseLocation) throws(DeployError) {
        let user = owner.map { ["--role=\($0)"] } ?? []
        try restore(payload, to: location, ["--no-owner", "--no-privileges"] + user)
    }

    public func survivors(
        of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation
    ) throws(DeployError) -> MaskingProof {
        for location in [original, masked] { try PostgreSQLText.check(location) }
        return try PostgreSQLMasking(client: client, original: original.name, masked: masked.name)
            .compare(columns)
    }

    private func failure(of file: SQLFile, _ why: String) -> DeployError {
        DeployError(
            .stepFailed, what: "\(file.name) fails", why: "\(why); nothing of it stays",
            next: "fix the file, commit, and run it again")
    }
}

import DeployCore

extension MySQLApplicationDatabase {
    public func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError) {
        try MySQLScript(server: server, database: location.name).run(file)
        try server.pauseEvents(in: location.name)
    }

    /// Views, routines, triggers and events act for the account that defined them, which is not on this server.
    public func adopt(_ payload: String, to location: DatabaseLocation) throws(DeployError) {
        try restore(payload, to: location)
        let definitions = try server.definitions(of: location.name)
        guard !definitions.isEmpty else { return }
        let statements = definitions.defined(by: try server.definer()).creation(in: location.name)
        _ = try server.query(statements.joined(separator: "\n"), within: .seconds(600))
    }

    public func survivors(
        of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation
    ) throws(DeployError) -> MaskingProof {
        try MySQLMasking(server: server, original: original.name, masked: masked.name).compare(columns)
    }
}

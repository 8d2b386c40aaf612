import DeployCore

extension MySQLApplicationDatabase {
    public func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError) {
        try MySQLScript(server: server, database: location.name).run(file)
    }

    public func survivors(
        of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation
    ) throws(DeployError) -> MaskingProof {
        try MySQLMasking(server: server, original: original.name, masked: masked.name).compare(columns)
    }
}

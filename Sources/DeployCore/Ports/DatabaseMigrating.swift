/// Changes databases by the project's own SQL.
public protocol DatabaseMigrating: Sendable {
    /// Names and checksums of the migrations recorded in the database, in order.
    func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration]
    /// Runs one migration and records it, both in one transaction.
    func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError)
    /// Runs a file as the application's user without recording it; the first error ends it, and a part may stay.
    func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError)
    /// Ends a migration that the server still runs although the client that began it is gone.
    func endMigration(in location: DatabaseLocation) throws(DeployError)
}

extension DatabaseMigrating {
    /// Nothing, for an engine without a server: no migration outlives its client.
    public func endMigration(in location: DatabaseLocation) throws(DeployError) {}
}

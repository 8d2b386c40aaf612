/// Finds the engine an environment's database lives in.
public protocol DatabaseEngines: Sendable {
    /// The engine the definition names, reached the way the definition says.
    ///
    /// With a `limit`, a program it runs and a migration that take longer are ended and fail.
    func engine(for layout: Layout, within limit: Duration?) -> any ApplicationDatabase
}

extension DatabaseEngines {
    /// The engine the definition names; each call has its own deadline.
    public func engine(for layout: Layout) -> any ApplicationDatabase { engine(for: layout, within: nil) }
}

/// The application's database engine, addressed by location so that scratch copies work like the live one.
public protocol ApplicationDatabase: Sendable {
    /// The name of its file in a backup's folder.
    var payloadName: String { get }
    /// Makes an empty database at a location where none is.
    func create(_ location: DatabaseLocation) throws(DeployError)
    /// - Throws: when the engine cannot be asked; a database nobody can reach is not known to be missing.
    func exists(_ location: DatabaseLocation) throws(DeployError) -> Bool
    /// Bytes the database takes; 0 when there is none.
    func size(_ location: DatabaseLocation) -> Int64
    /// Copies a consistent snapshot to the new file `payload` while others read and write, and
    /// summarises that very snapshot.
    func backUp(_ location: DatabaseLocation, to payload: String) throws(DeployError) -> DatabaseSnapshot
    /// Builds a new database at `location` from a payload, durable when it returns.
    func restore(_ payload: String, to location: DatabaseLocation) throws(DeployError)
    /// Row counts and content hashes of every table, and the schema.
    func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary
    /// Every table's columns, in the order they are declared.
    func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn]
    /// Names and checksums of the migrations recorded in the database, in order.
    func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration]
    /// Runs one migration and records it, both in one transaction.
    func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError)
    /// Runs a file as the application's user without recording it; the first error ends it, and a part may stay.
    func run(_ file: SQLFile, in location: DatabaseLocation) throws(DeployError)
    /// Builds a new database at `location` from another environment's payload; all of it belongs to this
    /// environment's user.
    func adopt(_ payload: String, to location: DatabaseLocation) throws(DeployError)
    /// Compares two databases of this engine: which values that stood in `columns` of `original` stand in `masked`,
    /// in the same column or, from some length on, in any other column of text. No value leaves the engine.
    ///
    /// - Throws: `.invalidDefinition` for a column `original` has not.
    func survivors(of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation)
        throws(DeployError) -> MaskingProof
    /// Leaves nothing of removed rows in what a backup of this database copies.
    func compact(_ location: DatabaseLocation) throws(DeployError)
    /// Removes a database that nothing uses; one that is not there is removed already.
    func remove(_ location: DatabaseLocation) throws(DeployError)
    /// The databases beside this one that were made under its name for one purpose or another.
    func siblings(of location: DatabaseLocation) throws(DeployError) -> [DatabaseLocation]
    /// Makes a second database with the content of one that nothing writes to.
    func copy(_ source: DatabaseLocation, to copy: DatabaseLocation) throws(DeployError)
    /// Gives `next` the name of `live`, and `live` the name `retired`; ends the sessions of both before.
    ///
    /// Takes as long for a large database as for a small one. Safe to repeat: when `next` is gone and `retired` is
    /// there it was done before.
    func swap(
        _ live: DatabaseLocation, with next: DatabaseLocation, keeping retired: DatabaseLocation
    ) throws(DeployError)
    /// Ends what other programs still do in this database, so that nothing of an interrupted run goes on in it.
    func endSessions(in location: DatabaseLocation) throws(DeployError)
    /// Ends a migration that the server still runs although the client that began it is gone.
    func endMigration(in location: DatabaseLocation) throws(DeployError)
    /// The database's own console with the right credentials; none of them in the arguments.
    func console(_ location: DatabaseLocation) throws(DeployError) -> CommandRequest
}

extension ApplicationDatabase {
    /// Where there is no server, nothing outlives the client.
    public func endMigration(in location: DatabaseLocation) throws(DeployError) {}

    /// Where nothing belongs to anybody.
    public func adopt(_ payload: String, to location: DatabaseLocation) throws(DeployError) {
        try restore(payload, to: location)
    }

    /// A dump has only rows that are there.
    public func compact(_ location: DatabaseLocation) throws(DeployError) {}
}

/// Backups of databases, and what is in a database for comparing it with another.
public protocol DatabaseCopying: Sendable {
    /// The name of its file in a backup's folder.
    var payloadName: String { get }
    /// Copies a consistent snapshot to the new file `payload` while others read and write, and
    /// summarises that very snapshot.
    func backUp(_ location: DatabaseLocation, to payload: String) throws(DeployError) -> DatabaseSnapshot
    /// Builds a new database at `location` from a payload, durable when it returns.
    ///
    /// `most`: bytes of the payload when it is unpacked, more of which end it; nil where nobody knows.
    func restore(_ payload: String, to location: DatabaseLocation, atMost most: Int64?) throws(DeployError)
    /// Builds a new database at `location` from another environment's payload; all of it belongs to this
    /// environment's user.
    func adopt(_ payload: String, to location: DatabaseLocation, atMost most: Int64?) throws(DeployError)
    /// Row counts and content hashes of every table, and the schema.
    func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary
    /// Every table's columns, in the order they are declared.
    func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn]
    /// Leaves nothing of removed rows in what a backup of this database copies.
    func compact(_ location: DatabaseLocation) throws(DeployError)
}

extension DatabaseCopying {
    /// A plain restore, for an engine that knows no users.
    public func adopt(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?
    ) throws(DeployError) {
        try restore(payload, to: location, atMost: most)
    }

    /// From a payload that this very run has made.
    public func restore(_ payload: String, to location: DatabaseLocation) throws(DeployError) {
        try restore(payload, to: location, atMost: nil)
    }

    /// Nothing, for an engine whose backups are dumps: these hold only rows that are there.
    public func compact(_ location: DatabaseLocation) throws(DeployError) {}
}

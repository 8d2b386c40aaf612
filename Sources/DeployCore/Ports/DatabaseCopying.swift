/// Backups of databases, and what is in a database for comparing it with another.
public protocol DatabaseCopying: Sendable {
    /// The name of its file in a backup's folder.
    var payloadName: String { get }
    /// Copies a consistent snapshot to the new file `payload` while others read and write, and
    /// summarises that very snapshot.
    ///
    /// `readingBack`: whether the payload is read to its end as well; what is restored next is read then.
    func backUp(_ location: DatabaseLocation, to payload: String, readingBack: Bool) throws(DeployError)
        -> DatabaseSnapshot
    /// Builds a new database at `location` from a payload, durable when it returns.
    ///
    /// `most`: bytes of the payload when it is unpacked, more of which end it; nil where nobody knows.
    func restore(_ payload: String, to location: DatabaseLocation, atMost most: Int64?) throws(DeployError)
    /// Builds a new database at `location` from another environment's payload; all of it belongs to this
    /// environment's user.
    func adopt(_ payload: String, to location: DatabaseLocation, atMost most: Int64?) throws(DeployError)
    /// Row counts and content hashes of every table, and the schema.
    func summarise(_ location: DatabaseLocation) throws(DeployError) -> DatabaseSummary
    /// Restores, and summarises what came of it; both together may take less than one after the other.
    ///
    /// `digest`: what the payload must be, where this engine checks what it reads; otherwise nothing is made.
    func restoreAndSummarise(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?, being digest: FileDigest?
    ) throws(DeployError) -> DatabaseSummary
    /// Whether a restore reads a payload once and compares the digest of the very bytes that it used.
    var checksWhatItReads: Bool { get }
    /// Every table's columns, in the order they are declared.
    func columns(of location: DatabaseLocation) throws(DeployError) -> [TableColumn]
    /// What the server or the file says of each table beside its columns, so that two versions of one can be told apart.
    ///
    /// A table may be named more than once.
    func definitions(of location: DatabaseLocation) throws(DeployError) -> [(table: String, text: String)]
    /// Removes the rows of those of these `tables` on whose rows nothing else depends when a copy is made of what is left.
    ///
    /// For a database that nobody needs after that copy: what cannot be removed stays.
    func lighten(_ location: DatabaseLocation, by tables: [String]) throws(DeployError)
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

    /// One after the other.
    public func restoreAndSummarise(
        _ payload: String, to location: DatabaseLocation, atMost most: Int64?, being digest: FileDigest?
    ) throws(DeployError) -> DatabaseSummary {
        try restore(payload, to: location, atMost: most)
        return try summarise(location)
    }

    /// False, for an engine that has to know beforehand what it loads.
    public var checksWhatItReads: Bool { false }

    /// How `copy`, made by way of `payload`, differs from `location`; empty when in nothing.
    public func differences(
        copying location: DatabaseLocation, to copy: DatabaseLocation, by payload: String
    ) throws(DeployError) -> (taken: DatabaseSummary, found: [String]) {
        let taken = try backUp(location, to: payload, readingBack: false).summary
        let restored = try restoreAndSummarise(payload, to: copy, atMost: nil, being: nil)
        return (taken, restored.differences(from: taken))
    }

    /// None, for an engine in which a table's other properties do not decide whether its rows can be restored.
    public func definitions(of location: DatabaseLocation) throws(DeployError) -> [(
        table: String, text: String
    )] { [] }

    /// Nothing, where a copy takes no longer with all rows.
    public func lighten(_ location: DatabaseLocation, by tables: [String]) throws(DeployError) {}

    /// Nothing, for an engine whose backups are dumps: these hold only rows that are there.
    public func compact(_ location: DatabaseLocation) throws(DeployError) {}
}

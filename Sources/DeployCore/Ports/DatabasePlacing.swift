/// Which databases there are, and who uses them.
public protocol DatabasePlacing: Sendable {
    /// Makes an empty database at a location where none is.
    func create(_ location: DatabaseLocation) throws(DeployError)
    /// - Throws: when the engine cannot be asked; a database nobody can reach is not known to be missing.
    func reach(_ location: DatabaseLocation) throws(DeployError) -> DatabaseReach
    /// How to ask, beside other questions, whether the application gets the database; nil for an engine without a server.
    ///
    /// `location`: nil where it is made later, and only the server has to let the application in.
    func greeting(_ location: DatabaseLocation?) throws(DeployError) -> DatabaseGreeting?
    /// Bytes the database takes; 0 when there is none.
    func size(_ location: DatabaseLocation) -> Int64
    /// The databases beside this one that were made under its name for one purpose or another.
    func siblings(of location: DatabaseLocation) throws(DeployError) -> [DatabaseLocation]
    /// Removes a database that nothing uses; one that is not there is removed already.
    func remove(_ location: DatabaseLocation) throws(DeployError)
    /// Makes a second database with the content of one that nothing writes to.
    func copy(_ source: DatabaseLocation, to copy: DatabaseLocation) throws(DeployError)
    /// Gives `next` the name of `live`, and `live` the name `retired`; ends the sessions of both before.
    ///
    /// Takes as long for a large database as for a small one. Safe to repeat: when `next` is gone and `retired` is
    /// there it was done before.
    func swap(
        _ live: DatabaseLocation, with next: DatabaseLocation, keeping retired: DatabaseLocation
    ) throws(DeployError)
    /// What a person should know of the accounts' rights and of the server's settings; empty when all is well.
    ///
    /// The database has to be there.
    func cautions(for location: DatabaseLocation) throws(DeployError) -> [DatabaseCaution]
    /// Rights that the accounts of the definition need and do not have; empty where they have all, and where nobody can tell.
    ///
    /// Nothing is changed to find out; the database need not be there.
    func lacks(for location: DatabaseLocation) throws(DeployError) -> [DatabaseCaution]
    /// Ends what other programs still do in this database, so that nothing of an interrupted run goes on in it.
    func endSessions(in location: DatabaseLocation) throws(DeployError)
    /// The database's own console with the right credentials; none of them in the arguments.
    func console(_ location: DatabaseLocation) throws(DeployError) -> CommandRequest
    /// What the engine's own programs read in the server's container; nil where they need no file.
    ///
    /// `secrets` are the environment's values by name.
    func clientFile(_ secrets: [String: String]) -> ClientFile?
}

extension DatabasePlacing {
    /// - Throws: when the engine cannot be asked, or lets nobody with these credentials in.
    public func exists(_ location: DatabaseLocation) throws(DeployError) -> Bool {
        switch try reach(location) {
        case .there: true
        case .missing: false
        case .denied(let error): throw error
        }
    }

    /// None, for an engine without a server.
    public func greeting(_ location: DatabaseLocation?) throws(DeployError) -> DatabaseGreeting? { nil }

    /// None, for an engine without accounts.
    public func cautions(for location: DatabaseLocation) throws(DeployError) -> [DatabaseCaution] { [] }

    /// None, for an engine without accounts.
    public func lacks(for location: DatabaseLocation) throws(DeployError) -> [DatabaseCaution] { [] }

    /// None, for an engine whose programs need no credentials where the server runs.
    public func clientFile(_ secrets: [String: String]) -> ClientFile? { nil }
}

/// Something about a database server that works and should be otherwise.
public struct DatabaseCaution: Hashable, Sendable {
    /// One word that names it.
    public var subject: String
    /// What is so, in words.
    public var measured: String
    /// What to do.
    public var next: String

    public init(subject: String, measured: String, next: String) {
        self.subject = subject
        self.measured = measured
        self.next = next
    }
}

/// What asking an engine for a database finds out.
public enum DatabaseReach: Sendable {
    case there
    /// No database of that name, or a server that has never run.
    case missing
    /// The server answers, and does not let these credentials in.
    case denied(DeployError)
}

/// A file with credentials that is mounted in a database server's container.
public struct ClientFile: Sendable {
    /// Its name among the environment's secrets.
    public var name: String
    /// Absolute path in the container.
    public var path: String
    public var text: String

    public init(name: String, path: String, text: String) {
        self.name = name
        self.path = path
        self.text = text
    }
}

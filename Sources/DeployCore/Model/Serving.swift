/// What has the traffic and the data, or should have.
public struct Serving: Hashable, Codable, Sendable {
    /// Its id: the deployment that started it.
    var instance: String
    public var release: Timestamp
    /// What its services use; nil where the application has none.
    public var database: DatabaseLocation?
    /// What its services were started by; nil when that is what the definition says.
    var runtime: Environment.Runtime.Kind?
    /// How to ask whether it goes on where an earlier definition had the project's own tool deploy it; nil where the
    /// definition deploys to the same place.
    var formerStatus: [String]?

    init(instance: String, release: Timestamp, database: DatabaseLocation?) {
        self.instance = instance
        self.release = release
        self.database = database
    }
}

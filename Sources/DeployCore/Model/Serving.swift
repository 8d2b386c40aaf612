/// What has the traffic and the data, or should have.
public struct Serving: Hashable, Codable, Sendable {
    public var instance: String
    public var release: Timestamp
    public var database: DatabaseLocation?

    public init(instance: String, release: Timestamp, database: DatabaseLocation?) {
        self.instance = instance
        self.release = release
        self.database = database
    }
}

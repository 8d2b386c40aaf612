/// One database of an engine: for SQLite an absolute file path, for a server the database's name.
public struct DatabaseLocation: Hashable, Codable, Sendable {
    public let name: String

    public init(_ name: String) { self.name = name }

    // Records written before databases had names.
    private enum CodingKeys: String, CodingKey { case name = "path" }
}

/// What this program was made of.
public struct Build: Sendable {
    /// Forty hexadecimal digits; nil where the build was none of a commit.
    public let commit: String?
    /// Number of the newest migration of the tool's own state that this program knows.
    public let schema: Int
    /// Version of the state's library, so that a report names it.
    public let sqlite: String

    public init(commit: String?, schema: Int, sqlite: String) {
        (self.commit, self.schema, self.sqlite) = (commit, schema, sqlite)
    }
}

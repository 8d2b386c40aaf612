import DeployCore

/// Writes names and values so that the server reads them as such, whatever is in them.
enum PostgreSQLText {
    /// A server cuts longer names off without a word, and two names would be one.
    private static let longestName = 63

    static func identifier(_ name: String) -> String {
        "\"" + name.replacing("\"", by: "\"\"") + "\""
    }

    static func literal(_ text: String) -> String {
        "'" + text.replacing("'", by: "''") + "'"
    }

    /// A text in which nothing at all has a meaning, neither to the server nor to its client.
    static func verbatim(_ text: String) -> String {
        let tag = RandomWord.make()
        return "$\(tag)$\(text)$\(tag)$"
    }

    /// The value of a `--dbname` option, which takes a name with `=` for a whole list of parameters.
    static func connection(to database: String) -> String {
        "dbname='" + database.replacing("\\", by: "\\\\").replacing("'", by: "\\'") + "'"
    }

    /// A field of a password file, between colons.
    static func passwordField(_ text: String) -> String {
        text.replacing("\\", by: "\\\\").replacing(":", by: "\\:")
    }

    static func check(_ location: DatabaseLocation) throws(DeployError) {
        let name = location.name
        guard !name.isEmpty, name.utf8.count <= longestName, !name.utf8.contains(0) else {
            throw DeployError(
                .invalidDefinition, what: "\(name) cannot be a database's name",
                why: "PostgreSQL's names have 1 to \(longestName) bytes",
                next: "shorten database.name in the definition")
        }
    }
}

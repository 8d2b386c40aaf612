/// The options file from which MySQL's and MariaDB's own programs read user and password.
public enum ClientFile {
    static let name = "deployctl-client.cnf"
    /// Where it is mounted in a data service's container.
    public static let pathInContainer = "/run/secrets/\(name)"

    public static func text(user: String, password: String?) -> String {
        let lines =
            ["[client]", "user=\(quoted(user))"] + (password.map { ["password=\(quoted($0))"] } ?? [])
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a data service's own programs need; nil where they need none.
    static func text(_ environment: Environment, _ secrets: [String: String]) -> String? {
        guard let database = environment.database, database.service != nil,
            database.engine == .mysql
        else { return nil }
        let user = database.admin?.user ?? database.user ?? database.engine.defaultAdmin
        let secret =
            database.admin == nil ? Environment.DatabaseSecret.password : Environment.DatabaseSecret.admin
        return text(user: user, password: secrets[secret])
    }

    /// Inside quotes only backslash, quote and white space other than blanks mean something else than themselves.
    private static func quoted(_ value: String) -> String {
        let escaped = value.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}

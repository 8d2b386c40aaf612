import DeployCore

/// The options file from which MySQL's and MariaDB's own programs read user and password.
public enum MySQLOptionFile {
    private static let name = "deployctl-client.cnf"
    /// Where it is mounted in a data service's container.
    public static let pathInContainer = "/run/secrets/\(name)"

    public static func text(user: String, password: String?) -> String {
        let lines =
            ["[client]", "user=\(quoted(user))"] + (password.map { ["password=\(quoted($0))"] } ?? [])
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a data service's own programs need; nil where the server is no service.
    static func mounted(_ access: ServerAccess, _ secrets: [String: String]) -> ClientFile? {
        guard let definition = access.definition, definition.service != nil else { return nil }
        let user = access.user() ?? definition.engine.defaultAdmin
        return ClientFile(
            name: name, path: pathInContainer,
            text: text(user: user, password: secrets[access.secretName()]))
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

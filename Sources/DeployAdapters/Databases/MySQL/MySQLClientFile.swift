/// The options file MySQL's and MariaDB's clients read their credentials from.
public enum MySQLClientFile {
    /// Where it is mounted in a data service's container.
    public static let pathInContainer = "/run/secrets/deployctl-client.cnf"

    public static func text(user: String, password: String?) -> String {
        let lines =
            ["[client]", "user=\(quoted(user))"] + (password.map { ["password=\(quoted($0))"] } ?? [])
        return lines.joined(separator: "\n") + "\n"
    }

    /// Inside quotes only backslash, quote and line ends mean something else than themselves.
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

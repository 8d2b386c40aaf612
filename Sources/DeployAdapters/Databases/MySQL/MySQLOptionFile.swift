import DeployCore

/// The options file from which MySQL's and MariaDB's own programs read user and password.
public enum MySQLOptionFile {
    private static let name = "deployctl-client.cnf"
    /// Where it is mounted in a data service's container.
    public static let pathInContainer = "/run/secrets/\(name)"

    public static func text(user: String, password: String?) -> String {
        group("client", user: user, password: password)
    }

    private static func group(_ name: String, user: String, password: String?) -> String {
        let lines =
            ["[\(name)]", "user=\(quoted(user))"] + (password.map { ["password=\(quoted($0))"] } ?? [])
        return lines.joined(separator: "\n") + "\n"
    }

    /// Ends the name of the group that holds the application's user, where the administrator is another one.
    private static let application = "_application"

    /// What has the programs in a data service's container read the right group.
    ///
    /// The name is given as well: a file from before there were two groups lets nobody in as somebody else.
    static func choosing(_ role: ServerAccess.Role, _ access: ServerAccess) -> [String] {
        guard role == .application, let definition = access.definition, definition.admin != nil else {
            return []
        }
        return [
            "--defaults-group-suffix=\(application)",
            "--user=\(access.user(.application) ?? definition.engine.defaultAdmin)",
        ]
    }

    /// What a data service's own programs need; nil where the server is no service.
    static func mounted(_ access: ServerAccess, _ secrets: [String: String]) -> ClientFile? {
        guard let definition = access.definition, definition.service != nil else { return nil }
        let user = access.user() ?? definition.engine.defaultAdmin
        var text = text(user: user, password: secrets[access.secretName()])
        if definition.admin != nil {
            text += group(
                "client\(application)", user: access.user(.application) ?? definition.engine.defaultAdmin,
                password: secrets[access.secretName(.application)])
        }
        return ClientFile(name: name, path: pathInContainer, text: text)
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

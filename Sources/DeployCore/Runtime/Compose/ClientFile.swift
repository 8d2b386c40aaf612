/// The file from which the database's own programs read user and password inside its container.
enum ClientFile {
    static let name = "deployctl-client.cnf"

    /// nil where they need none.
    static func text(_ environment: Environment, _ secrets: [String: String]) -> String? {
        guard let database = environment.database, database.service != nil,
            database.engine == .mysql
        else { return nil }
        let user = database.admin?.user ?? database.user ?? database.engine.defaultAdmin
        let secret =
            database.admin == nil ? Environment.DatabaseSecret.password : Environment.DatabaseSecret.admin
        var lines = ["[client]", "user=\(quoted(user))"]
        if let password = secrets[secret] { lines.append("password=\(quoted(password))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}

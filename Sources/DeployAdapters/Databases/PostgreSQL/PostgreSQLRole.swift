import DeployCore

/// What a person does about a role that the server does not let in, because deployctl makes none.
enum PostgreSQLRole {
    /// What to type, as the server's administrator where it runs; nil for a client that failed for another reason.
    static func advice(for complaint: String) -> String? {
        let parts = complaint.split(at: "FATAL:  ", max: 1, keepsEmpty: true)
        guard parts.count == 2 else { return nil }
        let (said, words) = (String(parts[1]), parts[1].split(at: "\"", keepsEmpty: true))
        guard words.count >= 3 else { return nil }
        let role = String(words[1])
        let make = "createuser --pwprompt \(ShellText.quoted(role))"
        if said.begins(with: "role ") {
            if said.holds("does not exist") { return "\(asAdministrator)\(make)" }
            if said.holds("not permitted to log in") {
                let sql = "ALTER ROLE \(PostgreSQLText.identifier(role)) LOGIN"
                return "\(asAdministrator)psql -c \(ShellText.quoted(sql))"
            }
        }
        // The server says the same of a role that is not there, so that nobody can find out names.
        return said.begins(with: "password authentication failed")
            ? "correct the password; where the role is gone, \(asAdministrator)\(make)" : nil
    }

    private static let asAdministrator = "as the server's administrator, where it runs: "
}

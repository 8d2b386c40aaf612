import DeployCore

/// What a person does about an account that the server does not let in, because deployctl makes none.
enum MySQLAccount {
    /// What to type, as the server's administrator; nil for a client that failed for another reason.
    ///
    /// `database`: the application's own; nil where the definition names none.
    static func advice(for complaint: String, _ database: String?) -> String? {
        let parts = complaint.split(at: "Access denied for user ", max: 1, keepsEmpty: true)
        guard parts.count == 2 else { return nil }
        let words = parts[1].split(at: "'", keepsEmpty: true)
        guard words.count >= 4, let database else { return nil }
        let account = "\(MySQLText.identifier(String(words[1])))@\(MySQLText.identifier(String(words[3])))"
        let grant = "GRANT ALL PRIVILEGES ON \(MySQLText.grantPattern(database)).* TO \(account)"
        guard complaint.holds("(using password") else { return "as the server's administrator: \(grant)" }
        return "correct the password; where the account is gone, as the server's administrator: "
            + "CREATE USER \(account) IDENTIFIED BY 'PASSWORD'; \(grant)"
    }
}

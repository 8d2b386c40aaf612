import DeployCore

/// A database server that does not answer, which no look at this machine mends.
enum SilentServer {
    /// Of the clients of MariaDB, MySQL and PostgreSQL.
    private static let complaints = ["Can't connect to", "Is the server running"]

    /// What to do about a client's failure; nil when it failed for another reason.
    static func advice(for complaint: String) -> String? {
        complaints.contains { complaint.holds($0) }
            ? "start the database server, or correct \"database\" in the definition; deployctl doctor says whether it answers"
            : nil
    }
}

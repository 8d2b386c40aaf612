/// What kept a backup from being proved although the database may be well: the machine, or the way to the server.
struct ProofObstacle {
    /// As in `for want of room`.
    let words: String
    /// What to do about it.
    let advice: String

    /// nil where the failure is the database's own, or its cause is not known to be another.
    init?(_ error: DeployError) {
        let said = "\(error.what)\n\(Self.withoutRows(error.why))"
        guard let known = Self.known.first(where: { $0.signs.contains { said.holds($0) } }) else {
            return nil
        }
        (words, advice) = (known.words, known.advice)
    }

    /// A server's remarks quote rows and what was asked.
    private static func withoutRows(_ text: String) -> String {
        text.lines.filter { line in
            !["CONTEXT:", "DETAIL:", "STATEMENT:", "HINT:"].contains { line.holds($0) }
        }.joined(separator: "\n")
    }

    private static let known: [(words: String, advice: String, signs: [String])] = [
        (
            "for want of room", "make room",
            [
                "No space left on device", "there is room for", "Disk quota exceeded", "File too large",
                "Disk full",
                "could not extend file", "could not write to file", "ERROR 1021", "ERROR 1114", "ERROR 1026",
                "Errcode: 28", "errno: 28", "database or disk is full",
            ]
        ),
        (
            "because a program is missing", "deployctl doctor",
            ["was not started", "is not installed", "No database client is there", "command not found"]
        ),
        (
            "because something was ended", "let it run to its end",
            ["was ended by signal", "did not end in time", "was interrupted", "terminating connection"]
        ),
        (
            "because the server could not be used", "deployctl doctor",
            [
                "Can't connect to", "Is the server running", "connection to server at", "Lost connection",
                "server has gone away",
                "server closed the connection", "Too many connections", "too many clients",
                "remaining connection slots", "too many connections for",
                "Access denied for user",
                "FATAL:  ", "cannot be reached", "ERROR 1290", "read-only transaction",
                "recovery is in progress",
                "ERROR 1044", "permission denied to create database", "must be member of role",
                "must be able to SET ROLE", "is held by session",
            ]
        ),
        (
            "for want of memory", "make memory free",
            ["out of memory", "Out of memory", "ERROR 1041", "ERROR 1037"]
        ),
    ]
}

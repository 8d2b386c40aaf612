import DeployCore

/// Runs a file with the server's own settings, without recording it.
struct MySQLScript {
    /// What the client prints last; the file cannot know it.
    private let end = RandomWord.make("deployctl: ran ")
    let server: MySQLServer
    let database: String

    func run(_ file: SQLFile) throws(DeployError) {
        guard !file.sql.utf8.contains(0) else { throw failure(file, "it contains a NUL byte") }
        let session = try server.session(in: database, as: .application)
        let result = session.finish(
            Self.head + file.sql + """

                \(MySQLMigrations.delimiter(atEndOf: file.sql))
                DELIMITER ;
                COMMIT;
                SELECT '\(end)';

                """)
        guard result.succeeded else {
            throw MySQLLocks(server: server, database: database)
                .naming(failure(file, file.isDiscreet ? Self.discreet(result) : Self.complaint(result)))
        }
        guard result.output.ends(with: "\(end)\n") else {
            throw failure(file, "its end was not reached: a comment or text is not closed")
        }
    }

    /// What the client has read before the file.
    private static let linesBefore = 3

    /// One line, so that the server's line numbers can be made the file's.
    private static let head =
        "SET SESSION sql_mode = @@GLOBAL.sql_mode, time_zone = @@GLOBAL.time_zone, "
        + "\(MySQLMigrations.caution), autocommit = 0;\n"

    /// Any error may quote a value, also one about a name or the syntax: a value may have become either.
    private static func discreet(_ result: CommandResult) -> String {
        for line in complaint(result).lines where line.begins(with: "ERROR ") {
            let parts = line.split(at: ": ", max: 1)
            return "\(parts[0]); what else the server says may hold values and is not repeated"
        }
        return "the client failed; what it says may hold values and is not repeated"
    }

    /// With the file's own line numbers.
    private static func complaint(_ result: CommandResult) -> String {
        let mark = ") at line "
        return result.complaint.lines.map { line -> String in
            let parts = line.split(at: mark, max: 1)
            guard line.begins(with: "ERROR "), parts.count == 2,
                let number = Int(parts[1].leadingDigits)
            else { return String(line) }
            return "\(parts[0])\(mark)\(max(number - linesBefore, 1))\(parts[1].afterDigits)"
        }.joined(separator: "\n")
    }

    private func failure(_ file: SQLFile, _ why: String) -> DeployError {
        DeployError(
            .stepFailed, what: "\(file.name) fails", why: why,
            next: server.access.advice(for: why) ?? "fix the file, commit, and run it again")
    }
}

import DeployCore

/// Runs a file in one transaction, without recording it; the server reads the file, so psql sees nothing in it.
struct PostgreSQLScript {
    let server: PostgreSQLServer
    let database: String

    func run(_ file: SQLFile) throws(DeployError) {
        guard !file.sql.utf8.contains(0) else { throw failure(of: file, "it contains a NUL byte") }
        let body = """
            BEGIN
                EXECUTE \(PostgreSQLText.verbatim(file.sql));
            \(file.isDiscreet ? Self.discretion : "")
            END
            """
        do throws(DeployError) {
            try server.answers(
                to: "SET lock_timeout = '60s';\n\(PostgreSQLQuestion.block(body))", in: database,
                as: .application, deadline: PostgreSQLServer.long)
        } catch {
            let place = Self.place(of: error.why, in: file.sql).map { "\($0): " } ?? ""
            throw PostgreSQLLocks(server: server, database: database)
                .naming(failure(of: file, "\(place)\(error.why)", Self.next(after: error)))
        }
    }

    /// Any error may quote a value, also one about a name or the syntax: a value may have become either.
    private static let discretion = """
        EXCEPTION WHEN OTHERS OR assert_failure THEN
            RAISE EXCEPTION 'SQLSTATE %; what else the server says may hold values and is not repeated', SQLSTATE;
        """

    /// The line the server means, which counts characters.
    static func place(of reason: String, in sql: String) -> String? {
        let parts = reason.split(at: " at character ")
        guard parts.count > 1, let end = parts.last, let position = Int(end.leadingDigits) else {
            return nil
        }
        let before = sql.unicodeScalars.prefix(max(position - 1, 0))
        return "line \(before.count { $0 == "\n" } + 1)"
    }

    /// A server that cannot be used is no fault of the file's.
    static func next(after error: DeployError) -> String {
        error.next == PostgreSQLQuestion.unknown ? fix : error.next
    }

    private static let fix = "fix the file, commit, and run it again"

    private func failure(of file: SQLFile, _ why: String, _ next: String = fix) -> DeployError {
        DeployError(
            .stepFailed, what: "\(file.name) fails", why: "\(why); nothing of it stays",
            next: next)
    }
}

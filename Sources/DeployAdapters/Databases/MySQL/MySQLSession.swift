import DeployCore

/// One connection that is asked one thing after the other.
final class MySQLSession {
    private let session: CommandSession
    private let server: MySQLServer
    /// Ends the answer to what was sent last; no row can hold it.
    private var end = ""

    init(_ request: CommandRequest, server: MySQLServer) throws(DeployError) {
        session = CommandSession(request, runner: server.access.commands)
        self.server = server
        _ = try ask(MySQLServer.settings)
    }

    /// Rows of all the statements' results; after a failure the connection is gone.
    func ask(_ sql: String, within deadline: Duration = .seconds(60)) throws(DeployError) -> [[String]] {
        send(sql)
        return try answer(within: deadline)
    }

    /// Asks without waiting for the answer.
    func send(_ sql: String) {
        end = RandomWord.make("deployctl: answered ")
        session.send("\(sql)\nSELECT '\(end)';\n")
    }

    /// The answer to what was sent.
    func answer(within deadline: Duration = MySQLServer.long) throws(DeployError) -> [[String]] {
        guard let output = session.read(upTo: end, within: deadline) else {
            throw server.refusal(session.failure())
        }
        return MySQLText.rows(output)
    }

    /// Runs the last statements and closes the connection.
    func finish(_ sql: String = "") -> CommandResult { session.finish(sql) }
}

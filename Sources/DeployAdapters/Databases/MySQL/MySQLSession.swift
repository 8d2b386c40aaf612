import DeployCore

/// One connection that is asked one thing after the other.
final class MySQLSession {
    private static let marker = "deployctl: answered"
    private let session: CommandSession
    private let server: MySQLServer

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
    func send(_ sql: String) { session.send("\(sql)\nSELECT '\(Self.marker)';\n") }

    /// The answer to what was sent.
    func answer(within deadline: Duration = MySQLServer.long) throws(DeployError) -> [[String]] {
        guard let output = session.read(upTo: Self.marker, within: deadline) else {
            throw server.refusal(session.failure())
        }
        return MySQLText.rows(output)
    }

    /// Runs the last statements and closes the connection.
    func finish(_ sql: String = "") -> CommandResult { session.finish(sql) }
}

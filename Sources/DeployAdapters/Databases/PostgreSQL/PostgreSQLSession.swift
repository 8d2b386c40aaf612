import DeployCore

/// One connection that is asked one thing after the other.
final class PostgreSQLSession {
    private let session: CommandSession
    private let door: PostgreSQLDoor
    private let database: String
    private let access: ServerAccess
    private var asked: PostgreSQLQuestion?

    init(_ server: PostgreSQLServer, in database: String, deadline: Duration) throws(DeployError) {
        door = try server.door()
        self.database = database
        access = server.access
        var request = door.request("psql", PostgreSQLQuestion.arguments, in: database)
        request.deadline = deadline
        session = CommandSession(request, runner: server.access.commands)
    }

    func ask(_ script: String, within deadline: Duration = .seconds(60)) throws(DeployError) -> [[String?]] {
        send(script)
        return try answer(within: deadline)
    }

    /// Asks without waiting for the answer.
    func send(_ script: String) {
        let question = PostgreSQLQuestion(script, of: access, as: .admin)
        asked = question
        session.send(question.text)
    }

    func answer(within deadline: Duration) throws(DeployError) -> [[String?]] {
        guard let question = asked else { return [] }
        guard let output = session.read(upTo: question.end, within: deadline) else {
            return try question.findings(in: session.failure(), database)
        }
        return try question.findings(in: "\(output)\(question.end)\n")
    }
}

import DeployCore

/// One connection that is asked one thing after the other.
final class PostgreSQLSession {
    private let session: CommandSession
    private let door: PostgreSQLDoor
    private let database: String
    private var waiting: PostgreSQLScript?

    init(_ client: PostgreSQLClient, in database: String, deadline: Duration) throws(DeployError) {
        door = try client.door()
        self.database = database
        var request = door.request("psql", PostgreSQLScript.arguments, in: database)
        request.deadline = deadline
        session = CommandSession(request, runner: client.commands)
    }

    func ask(_ script: String, within deadline: Duration = .seconds(60)) throws(DeployError) -> [[String?]] {
        send(script)
        return try answer(within: deadline)
    }

    /// Asks without waiting for the answer.
    func send(_ script: String) {
        let script = PostgreSQLScript(script)
        waiting = script
        session.send(script.text)
    }

    func answer(within deadline: Duration) throws(DeployError) -> [[String?]] {
        guard let script = waiting else { return [] }
        guard let output = session.read(upTo: script.end, within: deadline) else {
            return try script.findings(in: session.failure(), database)
        }
        return try script.findings(in: "\(output)\(script.end)\n")
    }
}

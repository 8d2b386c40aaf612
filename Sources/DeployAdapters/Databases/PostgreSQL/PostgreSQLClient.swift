import DeployCore
import FoundationEssentials

/// Has PostgreSQL's own programs do things, and believes only complete answers.
struct PostgreSQLClient: Sendable {
    /// Where databases are made and renamed from.
    static let maintenance = "postgres"

    let layout: Layout
    let commands: ProcessCommandRunner
    let secrets: any SecretStore
    let files: any FileStore
    let clients: ServerClients

    init(
        _ layout: Layout, clients: ServerClients, commands: ProcessCommandRunner, secrets: any SecretStore,
        files: any FileStore
    ) {
        self.layout = layout
        self.commands = commands
        self.secrets = secrets
        self.files = files
        self.clients = clients
    }

    func door(_ role: PostgreSQLDoor.Role = .admin, keeps: Bool = false) throws(DeployError) -> PostgreSQLDoor
    {
        try PostgreSQLDoor(
            role, at: clients.location(), of: layout, secrets: secrets, files: files, keeps: keeps)
    }

    /// What the server answers to a script psql reads: lines of JSON, one for each finding.
    ///
    /// Text from outside gets into the script only through `PostgreSQLText`.
    @discardableResult
    func answers(
        to script: String, in database: String = maintenance, as role: PostgreSQLDoor.Role = .admin,
        deadline: Duration = .seconds(60)
    ) throws(DeployError) -> [[String?]] {
        let (script, door) = (PostgreSQLScript(script), try door(role))
        let result = commands.run(script.request(through: door, in: database, deadline))
        return try withExtendedLifetime(door) { () throws(DeployError) in
            try script.findings(in: result, database)
        }
    }

    /// Runs a script while another clears the way for it, each in its own session.
    ///
    /// Only the first decides; why the other failed explains why the first did.
    func run(_ script: String, while helper: String, deadline: Duration) throws(DeployError) {
        let (scripts, door) = ([PostgreSQLScript(script), PostgreSQLScript(helper)], try door())
        let requests = scripts.map { $0.request(through: door, in: Self.maintenance, deadline) }
        let results = commands.runTogether(requests)
        try withExtendedLifetime(door) { () throws(DeployError) in
            do throws(DeployError) { _ = try scripts[0].findings(in: results[0], Self.maintenance) } catch {
                guard !results[1].succeeded else { throw error }
                let reason = PostgreSQLScript.reason(results[1])
                throw DeployError(
                    error.code, what: error.what, why: "\(error.why); \(reason)", next: error.next)
            }
        }
    }

    /// Runs a program on a database; its result is the caller's to judge.
    func run(
        _ program: String, _ arguments: [String], in database: String = maintenance, deadline: Duration,
        _ adjust: (inout CommandRequest) -> Void = { _ in }
    ) throws(DeployError) -> CommandResult {
        let door = try door()
        var request = door.request(program, arguments, in: database)
        request.deadline = deadline
        adjust(&request)
        let result = commands.run(request)
        return withExtendedLifetime(door) { result }
    }
}

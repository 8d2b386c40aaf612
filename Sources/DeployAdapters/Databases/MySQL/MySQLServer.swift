import DeployCore
import FoundationEssentials
import Synchronization

/// One environment's MySQL or MariaDB server, reached by its own clients.
///
/// The administrator makes, renames and drops databases, grants, and reads definitions. Whatever runs text of the
/// project, of a dump or of the application's own objects does so as the application's user.
final class MySQLServer: Sendable {
    let access: ServerAccess
    private let credentials = Mutex<[ServerAccess.Role: CredentialsFile]>([:])
    // Set and read by the one thread that runs `throughOneSession`.
    nonisolated(unsafe) private var standing: (session: MySQLSession, database: String?)?

    init(_ access: ServerAccess) { self.access = access }

    var databases: MySQLDatabases { MySQLDatabases(server: self) }
    var user: String { access.user(.application) ?? "" }
    var admin: String { access.user() ?? "" }

    /// Rows of all the statements' results.
    func query(
        _ sql: String, in database: String? = nil, as role: ServerAccess.Role = .admin,
        within deadline: Duration = .seconds(60)
    ) throws(DeployError) -> [[String]] {
        if let standing, database == nil, role == .admin {
            return try standing.session.ask(sql, within: deadline)
        }
        let result = try execute("\(Self.settings)\n\(sql)\n", in: database, as: role, within: deadline)
        guard result.succeeded else { throw refusal(result) }
        return MySQLText.rows(result.output)
    }

    /// Runs statements that change something; the first error ends it.
    func execute(
        _ script: String, in database: String?, as role: ServerAccess.Role = .admin, forced: Bool = false,
        within deadline: Duration = .seconds(600)
    ) throws(DeployError) -> CommandResult {
        var request = try client(in: database, as: role, forced ? ["--force"] : [])
        request.input = Data(script.utf8)
        request.deadline = deadline
        return access.commands.run(request)
    }

    /// What every question of this tool presumes.
    static let settings = "SET SESSION sql_mode = '', time_zone = '+00:00', lock_wait_timeout = 30;"

    /// Asks the administrator everything that names its database itself, or means `database`, through one connection:
    /// starting a client takes longer than most answers.
    func throughOneSession<Answer>(
        in database: String? = nil, _ body: () throws(DeployError) -> Answer
    ) throws(DeployError) -> Answer {
        let session = try session(in: database)
        standing = (session, database)
        defer { standing = nil }
        let answer = try body()
        _ = session.finish()
        return answer
    }

    /// Where the administrator is asked about this database: the connection that stands there, or a new one.
    func standingSession(in database: String) throws(DeployError) -> MySQLSession {
        if let standing, standing.database == database { return standing.session }
        return try session(in: database)
    }

    func session(in database: String?, as role: ServerAccess.Role = .admin) throws(DeployError)
        -> MySQLSession
    {
        var request = try client(in: database, as: role, ["--unbuffered"])
        request.deadline = Self.long
        request.outputLimit = 1 << 28
        return try MySQLSession(request, server: self)
    }

    /// The client, reading statements from its input.
    func client(
        in database: String?, as role: ServerAccess.Role = .admin, _ options: [String] = []
    ) throws(DeployError) -> CommandRequest {
        let program = try access.clients.first(of: DatabaseClients.mysql)
        let fixed = [
            "--no-auto-rehash", "--batch", "--skip-column-names", "--comments", "--binary-mode",
            "--skip-reconnect", "--local-infile=0", "--default-character-set=utf8mb4",
            "--max-allowed-packet=1G", "--connect-timeout=10",
        ]
        return try request(program, as: role, fixed + options + (database.map { ["--database=\($0)"] } ?? []))
    }

    /// As the application's user, unless it does not see everything: a routine shows its text to its definer alone.
    func dump(of database: String, _ structure: MySQLStructure) throws(DeployError) -> CommandRequest {
        let program = try access.clients.first(of: DatabaseClients.mysqlDump)
        let hidden = try query(
            "SELECT 1 FROM information_schema.routines WHERE routine_schema = \(MySQLText.literal(database)) AND routine_definition IS NULL LIMIT 1;",
            as: .application)
        let history = try MySQLHistory(server: self, structure: structure).options(of: program)
        return try request(
            program, as: hidden.isEmpty ? .application : .admin,
            history + [
                "--verbose", "--single-transaction", "--quick", "--routines", "--events", "--triggers",
                "--hex-blob", "--default-character-set=utf8mb4", "--skip-lock-tables", "--no-tablespaces",
                "--skip-dump-date", "--max-allowed-packet=1G", "--loose-set-gtid-purged=OFF",
                "--loose-column-statistics=0", "--ignore-table=\(database).\(MySQLSwap.marker)", "--",
                database,
            ])
    }

    /// The client for a person.
    func console(in database: String) throws(DeployError) -> CommandRequest {
        let program = try access.clients.first(of: DatabaseClients.mysql)
        let options = ["--default-character-set=utf8mb4", "--database=\(database)"]
        let location = try access.clients.location()
        var path = MySQLOptionFile.pathInContainer
        if case .machine = location { path = try makeCredentials(.admin, keeps: true).path }
        let request = CommandRequest(Command(program, address(location, path, .admin) + options))
        return location.place(request, terminal: true)
    }

    static let long = Duration.seconds(6 * 3600)
}

extension MySQLServer {
    func request(_ program: String, as role: ServerAccess.Role, _ options: [String])
        throws(DeployError) -> CommandRequest
    {
        let location = try access.clients.location()
        var path = MySQLOptionFile.pathInContainer
        if case .machine = location { path = try credentialsPath(role) }
        let request = CommandRequest(
            Command(program, address(location, path, role) + options), deadline: Self.long,
            outputLimit: 1 << 28, diesWithParent: true)
        return location.place(request)
    }

    /// By TCP even inside the container: while its image sets the server up, only the socket answers.
    ///
    /// By the container's own name, because an image may make an account of `127.0.0.1` whose password nobody knows.
    private func address(_ location: ClientLocation, _ credentials: String, _ role: ServerAccess.Role)
        -> [String]
    {
        let file = ["--defaults-file=\(credentials)"]
        return switch location {
        case .machine(let socket, _) where socket.begins(with: "/"):
            file + ["--protocol=SOCKET", "--socket=\(socket)"]
        case .machine(let host, let port): file + ["--protocol=TCP", "--host=\(host)", "--port=\(port)"]
        case .container(let name):
            file + MySQLOptionFile.choosing(role, access) + ["--protocol=TCP", "--host=\(name)"]
        }
    }

    private func credentialsPath(_ role: ServerAccess.Role) throws(DeployError) -> String {
        if let known = credentials.withLock({ $0[role]?.path }) { return known }
        let made = try makeCredentials(role, keeps: false)
        return credentials.withLock { held in
            let file = held[role] ?? made
            held[role] = file
            return file.path
        }
    }

    private func makeCredentials(_ role: ServerAccess.Role, keeps: Bool) throws(DeployError)
        -> CredentialsFile
    {
        let password = try access.password(role)?.secret.exposed
        return try CredentialsFile(
            MySQLOptionFile.text(user: access.user(role) ?? "", password: password), of: access, keeps: keeps)
    }
}

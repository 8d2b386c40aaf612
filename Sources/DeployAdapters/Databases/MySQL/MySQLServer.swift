import DeployCore
import FoundationEssentials
import Synchronization

/// One environment's MySQL or MariaDB server, reached by its own clients as the administrator.
final class MySQLServer: Sendable {
    let access: ServerAccess
    private let credentials = Mutex<CredentialsFile?>(nil)
    // Set and read by the one thread that runs `throughOneSession`.
    nonisolated(unsafe) private var standing: MySQLSession?

    init(_ access: ServerAccess) { self.access = access }

    var databases: MySQLDatabases { MySQLDatabases(server: self) }
    var user: String { access.user(.application) ?? "" }
    var admin: String { access.user() ?? "" }

    /// Rows of all the statements' results.
    func query(
        _ sql: String, in database: String? = nil, within deadline: Duration = .seconds(60)
    ) throws(DeployError) -> [[String]] {
        if let standing, database == nil { return try standing.ask(sql, within: deadline) }
        let result = try execute("\(Self.settings)\n\(sql)\n", in: database, within: deadline)
        guard result.succeeded else { throw refusal(result) }
        return MySQLText.rows(result.output)
    }

    /// Runs statements that change something; the first error ends it.
    func execute(
        _ script: String, in database: String?, forced: Bool = false,
        within deadline: Duration = .seconds(600)
    ) throws(DeployError) -> CommandResult {
        var request = try client(in: database, forced ? ["--force"] : [])
        request.input = Data(script.utf8)
        request.deadline = deadline
        return access.commands.run(request)
    }

    /// What every question of this tool presumes.
    static let settings = "SET SESSION sql_mode = '', time_zone = '+00:00', lock_wait_timeout = 30;"

    /// Asks everything that names its database itself through one connection: starting a client takes longer than
    /// most answers.
    func throughOneSession(_ body: () throws(DeployError) -> Void) throws(DeployError) {
        standing = try session(in: nil)
        defer { standing = nil }
        try body()
        _ = standing?.finish()
    }

    func session(in database: String?) throws(DeployError) -> MySQLSession {
        var request = try client(in: database, ["--unbuffered"])
        request.deadline = Self.long
        request.outputLimit = 1 << 28
        return try MySQLSession(request, server: self)
    }

    /// The client, reading statements from its input.
    func client(in database: String?, _ options: [String] = []) throws(DeployError) -> CommandRequest {
        let program = try access.clients.first(of: DatabaseClients.mysql)
        let fixed = [
            "--no-auto-rehash", "--batch", "--skip-column-names", "--comments", "--binary-mode",
            "--skip-reconnect", "--local-infile=0", "--default-character-set=utf8mb4",
            "--max-allowed-packet=1G", "--connect-timeout=10",
        ]
        return try request(program, fixed + options + (database.map { ["--database=\($0)"] } ?? []))
    }

    func dump(of database: String) throws(DeployError) -> CommandRequest {
        let program = try access.clients.first(of: DatabaseClients.mysqlDump)
        return try request(
            program,
            [
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
        if case .machine = location { path = try makeCredentials(keeps: true).path }
        let request = CommandRequest(Command(program, Self.address(location, path) + options))
        return location.place(request, terminal: true)
    }

    static let long = Duration.seconds(6 * 3600)

    /// The servers' words for who is not let in.
    static let denials = ["Access denied"]

    func refusal(_ result: CommandResult, code: ExitCode = .stepFailed) -> DeployError {
        DeployError(
            code, what: "The database server refuses", why: result.complaint,
            next: "deployctl doctor")
    }
}

extension MySQLServer {
    private func request(_ program: String, _ options: [String]) throws(DeployError) -> CommandRequest {
        let location = try access.clients.location()
        var path = MySQLOptionFile.pathInContainer
        if case .machine = location { path = try credentialsPath() }
        let request = CommandRequest(
            Command(program, Self.address(location, path) + options), deadline: Self.long,
            outputLimit: 1 << 28, diesWithParent: true)
        return location.place(request)
    }

    /// By TCP even inside the container: while its image sets the server up, only the socket answers.
    ///
    /// By the container's own name, because an image may make an account of `127.0.0.1` whose password nobody knows.
    private static func address(_ location: ClientLocation, _ credentials: String) -> [String] {
        let file = ["--defaults-file=\(credentials)", "--protocol=TCP"]
        return switch location {
        case .machine(let host, let port): file + ["--host=\(host)", "--port=\(port)"]
        case .container(let name): file + ["--host=\(name)"]
        }
    }

    private func credentialsPath() throws(DeployError) -> String {
        if let known = credentials.withLock({ $0?.path }) { return known }
        let made = try makeCredentials(keeps: false)
        return credentials.withLock { held in
            let file = held ?? made
            held = file
            return file.path
        }
    }

    private func makeCredentials(keeps: Bool) throws(DeployError) -> CredentialsFile {
        let password = try access.password()?.secret.exposed
        return try CredentialsFile(
            MySQLOptionFile.text(user: admin, password: password), of: access, keeps: keeps)
    }
}

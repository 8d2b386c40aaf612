import DeployCore
import FoundationEssentials

/// A way into the server as one of its roles; closed when the last user of it is gone.
final class PostgreSQLDoor: Sendable {
    private let role: ServerAccess.Role
    private let location: ClientLocation
    private let user: String?
    private let credentials: CredentialsFile?
    /// How the application reaches a server in a container; nil where the server is reached at its socket.
    private let network: (service: String, password: Secret)?

    /// `isFront`: by the network and with the password, as the application comes, where there is one.
    init(_ role: ServerAccess.Role, of access: ServerAccess, keeps: Bool, isFront: Bool) throws(DeployError) {
        self.role = role
        location = try access.clients.location()
        user = access.user(role)
        if isFront, case .container = location, let service = access.definition?.service,
            let (password, _) = try access.password(role)
        {
            network = (service, password)
        } else {
            network = nil
        }
        // In its container the server trusts those who reach its socket.
        guard case .machine = location, let (password, name) = try access.password(role) else {
            credentials = nil
            return
        }
        credentials = try CredentialsFile(Self.line(password, name), of: access, keeps: keeps)
    }

    /// A request to one of PostgreSQL's programs; its deadline and streams are the caller's to set.
    func request(_ program: String, _ arguments: [String], in database: String, terminal: Bool = false)
        -> CommandRequest
    {
        var variables = terminal ? [:] : Self.session(role)
        variables["PGDATABASE"] = database
        variables["PGUSER"] = user
        variables["PGPASSFILE"] = credentials?.path
        if case .machine(let host, let port) = location {
            variables["PGHOST"] = host
            variables["PGPORT"] = "\(port)"
            variables["PATH"] = terminal ? nil : PostgreSQLClients.path(to: program)
        }
        variables["PGHOST"] = network?.service ?? variables["PGHOST"]
        var request = CommandRequest(Command(program, arguments), environment: variables)
        request.diesWithParent = !terminal
        return location.place(
            request, terminal: terminal, handingOn: network.map { ["PGPASSWORD": $0.password.exposed] } ?? [:]
        )
    }

    /// What roles and databases may set otherwise, and what would spoil a long or a durable change.
    private static func session(_ role: ServerAccess.Role) -> [String: String] {
        let settings = [
            "synchronous_commit=on", "statement_timeout=0", "lock_timeout=0",
            "idle_in_transaction_session_timeout=0", "standard_conforming_strings=on",
            "client_min_messages=warning", "\(PostgreSQLQuestion.mark)=on",
        ]
        return [
            "PGAPPNAME": "deployctl", "PGCLIENTENCODING": "UTF8", "PGCONNECT_TIMEOUT": "10",
            "PGOPTIONS": (role == .admin ? settings + [path] : settings).map { "-c \($0)" }.joined(
                separator: " "),
        ]
    }

    /// To the administrator a name is the server's own, whatever somebody made under the same one.
    private static let path = "search_path=pg_catalog,pg_temp"

    /// A line of a password file that fits every server, as only the one asked for is reached with it.
    private static func line(_ password: Secret, _ name: String) throws(DeployError) -> String {
        let text = password.exposed
        guard !text.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) else {
            throw DeployError(
                .invalidDefinition, what: "Secret \(name) cannot be used",
                why: "PostgreSQL's password file has no way to write a line break",
                next: "give the database's user another password")
        }
        return "*:*:*:*:\(PostgreSQLText.passwordField(text))\n"
    }
}

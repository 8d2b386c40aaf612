import DeployCore
import FoundationEssentials

/// One environment's PostgreSQL server, reached by its own clients, of whom only complete answers are believed.
struct PostgreSQLServer: Sendable {
    /// Where databases are made and renamed from.
    static let maintenance = "postgres"
    static let long = Duration.seconds(6 * 3600)

    /// The server's words for who is not let in; the maintenance database is in every server that knows its user.
    static let denials = [
        "permission denied", "authentication failed", "does not exist", "no pg_hba.conf entry",
        "pg_hba.conf rejects",
    ]

    let access: ServerAccess

    init(_ access: ServerAccess) { self.access = access }

    var databases: PostgreSQLDatabases { PostgreSQLDatabases(server: self) }

    /// The application's user owns what deployctl makes for it.
    var owner: String? { access.user(.application) ?? access.user() }

    /// `owner` as a clause of `CREATE DATABASE`.
    var ownership: String { owner.map { " OWNER \(PostgreSQLText.identifier($0))" } ?? "" }

    func door(_ role: ServerAccess.Role = .admin, keeps: Bool = false, isFront: Bool = false)
        throws(DeployError) -> PostgreSQLDoor
    {
        try PostgreSQLDoor(role, of: access, keeps: keeps, isFront: isFront)
    }

    /// What the server answers to a script psql reads: lines of JSON, one for each finding.
    ///
    /// Text from outside gets into the script only through `PostgreSQLText`.
    @discardableResult
    func answers(
        to script: String, in database: String = maintenance, as role: ServerAccess.Role = .admin,
        deadline: Duration = .seconds(60)
    ) throws(DeployError) -> [[String?]] {
        let (question, door) = (PostgreSQLQuestion(script, of: access, as: role), try door(role))
        let result = access.commands.run(question.request(through: door, in: database, deadline))
        return try withExtendedLifetime(door) { () throws(DeployError) in
            try question.findings(in: result, database)
        }
    }

    /// While its image sets it up, a server in a container listens at its socket only, and then goes away.
    ///
    /// - Throws: `.stepFailed` as long as services of other containers could not reach it.
    func refuseSetUp() throws(DeployError) {
        guard case .container = try access.clients.location() else { return }
        let listens =
            try answers(
                to: "SELECT json_build_array('listens', current_setting('listen_addresses'));"
            ).first?.last ?? nil
        guard listens?.isEmpty == true else { return }
        throw DeployError(
            .stepFailed, what: "The database server is not ready",
            why: "it listens on no address yet: its image sets it up",
            next: "wait, then run the same command again")
    }

    /// Runs a script while another clears the way for it, each in its own session.
    ///
    /// Only the first decides; why the other failed explains why the first did.
    func run(_ script: String, while helper: String, deadline: Duration) throws(DeployError) {
        let (questions, door) = (
            [script, helper].map { PostgreSQLQuestion($0, of: access, as: .admin) }, try door()
        )
        let requests = questions.map { $0.request(through: door, in: Self.maintenance, deadline) }
        let results = access.commands.runTogether(requests)
        try withExtendedLifetime(door) { () throws(DeployError) in
            do throws(DeployError) { _ = try questions[0].findings(in: results[0], Self.maintenance) } catch {
                guard !results[1].succeeded else { throw error }
                let reason = PostgreSQLQuestion.reason(results[1])
                throw DeployError(
                    error.code, what: error.what, why: "\(error.why); \(reason)", next: error.next)
            }
        }
    }

    /// Runs a program on a database; its result is the caller's to judge.
    func run(
        _ program: String, _ arguments: [String], in database: String = maintenance,
        as role: ServerAccess.Role = .admin, deadline: Duration,
        _ adjust: (inout CommandRequest) -> Void = { _ in }
    ) throws(DeployError) -> CommandResult {
        let door = try door(role)
        var request = door.request(program, arguments, in: database)
        request.deadline = deadline
        adjust(&request)
        let result = access.commands.run(request)
        return withExtendedLifetime(door) { result }
    }

    /// The client for a person.
    func console(in database: String) throws(DeployError) -> CommandRequest {
        try door(keeps: true).request("psql", [], in: database, terminal: true)
    }
}

extension PostgreSQLServer {
    /// The major version of the server.
    func version() throws(DeployError) -> Int {
        let findings = try answers(
            to: "SELECT json_build_array('server', current_setting('server_version_num'));")
        guard let number = findings.first?.last?.flatMap({ Int($0) }) else {
            throw DeployError(
                .stepFailed, what: "The server does not say its version", why: "the answer is empty",
                next: "check which psql is found first in PATH")
        }
        return number / 10_000
    }

    /// The major version of one of PostgreSQL's programs.
    func version(of program: String) throws(DeployError) -> Int {
        let result = try run(program, ["--version"], deadline: .seconds(30))
        let words = result.output.words
        guard result.succeeded, let number = words.first(where: { !$0.leadingDigits.isEmpty }),
            let major = Int(number.leadingDigits)
        else {
            throw DeployError(
                .stepFailed, what: "\(program) does not say its version", why: result.complaint,
                next: access.advice(for: result.complaint)
                    ?? "apt-get install postgresql-client, then run the same command again")
        }
        return major
    }
}

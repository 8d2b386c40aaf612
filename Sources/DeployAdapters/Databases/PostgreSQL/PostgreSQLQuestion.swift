import DeployCore
import FoundationEssentials

/// What psql is given to read, ending with a word nobody can know before.
struct PostgreSQLQuestion: Sendable {
    /// psql shows a failure's message alone: the statement may be a whole migration.
    static let arguments = [
        "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password", "--set=ON_ERROR_STOP=1",
        "--set=VERBOSITY=terse", "--file=-",
    ]

    /// What a person does about a failure of which the cause is not known.
    static let unknown = "deployctl doctor"

    let text: String
    private let access: ServerAccess
    private let role: ServerAccess.Role
    private let token = RandomWord.make()

    init(_ script: String, of access: ServerAccess, as role: ServerAccess.Role) {
        (self.access, self.role) = (access, role)
        text = "\(Self.refusingPoolers)\n\(script)\nSELECT json_build_array('end', '\(token)');\n"
    }

    /// A setting every connection begins with, unless something in between keeps settings to itself.
    static let mark = "deployctl.direct"

    private static let pooler =
        "a connection pooler answers, and deployctl needs sessions of its own: database.host and database.port have to name the server itself"

    /// A pooler may give each transaction to another session: settings, locks and what ends them would be spread
    /// over sessions of other people.
    private static let refusingPoolers = """
        DO $deployctl$ BEGIN IF current_setting('\(mark)', true) IS DISTINCT FROM 'on' THEN
            RAISE EXCEPTION '\(pooler)';
        END IF; END $deployctl$;
        """

    /// The last line of a complete answer.
    var end: String { "[\"end\", \"\(token)\"]" }

    func request(through door: PostgreSQLDoor, in database: String, _ deadline: Duration) -> CommandRequest {
        var request = door.request("psql", Self.arguments, in: database)
        request.input = Data(text.utf8)
        request.outputLimit = 1 << 28
        request.deadline = deadline
        return request
    }

    /// - Throws: when psql failed, or its answer lacks the end: it was cut, or is not the server's.
    func findings(in result: CommandResult, _ database: String) throws(DeployError) -> [[String?]] {
        guard result.succeeded else {
            throw DeployError(
                .stepFailed, what: "Database \(database) refuses", why: Self.reason(result),
                next: access.advice(for: result.complaint, as: role) ?? Self.unknown)
        }
        return try findings(in: result.output)
    }

    func findings(in output: String) throws(DeployError) -> [[String?]] {
        var findings: [[String?]] = []
        for line in output.lines where line.begins(with: "[") {
            if line == end { return findings }
            guard let finding = try? JSONDecoder().decode([String?].self, from: Data(line.utf8)) else {
                break
            }
            findings.append(finding)
        }
        throw DeployError(
            .stepFailed, what: "The database's answer is not complete",
            why: "psql ended well, but without the last line it was asked for",
            next: "check which psql is found first in PATH")
    }

    /// A block of the server's own language, in which psql sees nothing.
    static func block(_ body: String) -> String { "DO \(PostgreSQLText.verbatim(body));" }

    /// The server's own words, where it said something.
    static func reason(_ result: CommandResult) -> String {
        guard let words = ServerWords.decisive(CommandResult.repeatable(result.errors).map(String.init))
        else {
            return silence(result) ?? result.complaint
        }
        // A server knows the settings a connection begins with; a pooler may refuse them.
        return words.holds("unsupported startup parameter") ? "\(pooler) (\(words))" : words
    }

    /// That nobody answers, in one line.
    private static func silence(_ result: CommandResult) -> String? {
        let parts = result.errors.firstLine.cut(at: "psql: error: ")
        guard let line = parts?.after, line.begins(with: "connection to server") else { return nil }
        return String(line)
    }
}

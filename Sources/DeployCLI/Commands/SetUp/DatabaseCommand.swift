import DeployCore

extension Verb {
    static let databasePrepare = Verb(
        "database prepare", .setUp, operands: [.environment],
        summary: "Make role, database and rights on the server",
        paragraph: """
            Makes what the definition names on its PostgreSQL, MySQL or MariaDB server: accounts with the passwords of their \
            secrets, the database, and no more rights than deployctl needs. The administrator comes through the server's \
            socket, as the account postgres or root by sudo, or with the password in DEPLOYCTL_DB_ADMIN_PASSWORD. An account \
            that is there counts as this environment's where its secret, and no other password, opens it; one that is not, and \
            a database of somebody else's, are refused (15), and nothing is changed. An account that is to be made gets a \
            random password where its secret's file is missing. Afterwards the account logs in. With --print nothing is done: \
            it prints what an administrator types.
            """,
        examples: [
            "deployctl database prepare staging", "deployctl database prepare production --print",
        ],
        flags: [
            .environment,
            Flag("print", "Print what an administrator types, without passwords, and do nothing"),
            Flag("admin", value: .text("USER"), "The administrator on the server; default: postgres or root"),
            Flag(
                "socket", value: .text("PATH"),
                "The server's socket, or for PostgreSQL its folder; default: the distribution's"),
        ],
        exits: [.invalidDefinition, .locked, .stepFailed, .needsPerson, .notFound],
        body: .inProject(DatabaseCommand.prepare))
}

/// `database prepare`.
struct DatabaseCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let environment: String
        /// What was done on the server, without passwords.
        let done: [String]
        /// Secrets that got a random value.
        let secrets: [String]
        /// What an administrator types; empty unless that was asked for.
        let statements: [String]
    }

    private var name: String { context.invocation.environment ?? "" }

    func prepare() throws(DeployError) -> ExitCode {
        let preparation = try DatabasePreparation(context.deployer, environment: name)
        guard !context.invocation.has("print") else {
            let statements = preparation.statements()
            try context.answer(Answer(environment: name, done: [], secrets: [], statements: statements)) {
                statements.map { InertText.line($0) + "\n" }.joined()
            }
            return .done
        }
        let result = try preparation.carryOut(
            as: .init(
                user: context.invocation.text("admin"), socket: context.invocation.text("socket"),
                hasPassword: context.variables[DatabaseAdministrator.passwordVariable] != nil))
        let answer = Answer(environment: name, done: result.done, secrets: result.made, statements: [])
        try context.answer(answer) {
            let made = result.made.map { "\($0) of \(name) got a random value.\n" }
            let done = result.done.map { InertText.line("done: \($0)") + "\n" }
            let end =
                result.done.isEmpty
                ? "Nothing to do: \(name) gets its database.\n" : "\(name) gets its database now.\n"
            return (made + done + [end]).joined()
        }
        return .done
    }
}

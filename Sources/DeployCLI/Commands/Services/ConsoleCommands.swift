import DeployCore

extension Verb {
    static let exec = Verb(
        "exec", .operate,
        operands: [
            .environment, .service, .program.repeating,
        ],
        summary: "Run a program where a service runs",
        paragraph: """
            Runs a program in the service's container, or in its release's folder with its variables, on this \
            terminal. The exit code is the program's.
            """,
        examples: [
            "deployctl exec staging backend -- sh", "deployctl exec production backend -- node --version",
        ],
        dryRun: true, exits: [.invalidDefinition, .stepFailed, .notFound],
        body: .inProject(ConsoleCommands.exec))

    static let db = Verb(
        "db", .operate, operands: [.environment], summary: "Open the database's console",
        paragraph:
            "Opens the console of the environment's database with its credentials, which are never arguments. The exit code is the console's.",
        examples: ["deployctl db staging", "deployctl db production"],
        flags: [.environment], dryRun: true, exits: [.invalidDefinition, .stepFailed, .notFound],
        body: .inProject(ConsoleCommands.database))
}

/// `exec` and `db`: the program takes the place of this one, with its terminal and its exit code.
struct ConsoleCommands: ProjectCommand {
    let context: CommandContext

    private var console: Console {
        Console(context.workspace, origin: context.origin)
    }

    func exec() throws(DeployError) -> ExitCode {
        let words = context.invocation.program
        guard !words.isEmpty else {
            throw .usage(
                "exec needs a service and a program", why: "usage: deployctl exec ENV SERVICE -- PROGRAM...",
                next: "deployctl help exec")
        }
        let onTerminal = context.ports.prompter.canAsk && context.streams.output.isTerminal
        let environment = try context.environment()
        let service = context.invocation.service ?? ""
        let request = try console.program(words, in: service, of: environment, onTerminal: onTerminal)
        return try become(request, .exec, in: environment.name, on: "\(service): \(words[0])")
    }

    func database() throws(DeployError) -> ExitCode {
        let environment = try context.environment()
        return try become(try console.database(of: environment), .console, in: environment.name, on: nil)
    }

    /// What the program does then is not recorded: it takes the place of this one.
    private func become(
        _ request: CommandRequest, _ act: AuditEntry.Act, in environment: String, on subject: String?
    ) throws(DeployError) -> ExitCode {
        if context.invocation.globals.dryRun {
            context.streams.output.write(InertText.line("\(request.command)") + "\n")
            return .done
        }
        try context.deployer.refuseHook(in: environment)
        let audit = context.deployer.audit
        try audit.record(audit.entry(act, in: environment, on: subject))
        if try context.environment().isPromotedTo {
            context.say(
                context.errorStyle.warning(
                    "\(try context.environment().name): what is changed here is changed for its users")
                    + "\n")
        }
        let result = context.ports.commands.become(request)
        guard !result.succeeded else { return .done }
        throw DeployError(
            .stepFailed, what: "\(request.command.program) cannot be started", why: result.explanation,
            next: act == .exec
                ? "name a program as the release has it: deployctl exec \(environment) \(context.invocation.service ?? "") -- ls"
                : "deployctl doctor")
    }
}

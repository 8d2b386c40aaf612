/// Runs the project's own programs before or after something.
struct RunHook: StepWork {
    static let id = "run-hook"
    var moment: Environment.Moment
    /// That is made or restored; nil where none is.
    var backup: Timestamp?

    var title: String { "Run \(moment.rawValue)" }

    func programs(in layout: Layout) -> [ProgramCall] {
        commands(of: layout.environment).map { AccountCommands.call($0, as: layout.environment.user) }
    }

    /// Safe to repeat only as far as the project's programs are.
    func perform(in context: StepContext) throws(DeployError) -> String {
        let hooks = context.environment.hooks
        let (layout, commands) = (context.layout, commands(of: context.environment))
        let folder =
            if hooks.place == .release, let release = context.plan.release { layout.release(release) } else {
                layout.project
            }
        let variables = try variables(in: context)
        for command in commands {
            try refuseStranger(on: command, in: folder, context)
            try context.runOwn(
                CommandRequest(
                    command, in: folder, environment: variables, deadline: hooks.timeout,
                    outputLimit: 64 << 10),
                because: "\(moment.rawValue) failed")
        }
        return "\(commands.count) ran"
    }

    private func commands(of environment: Environment) -> [Command] {
        (environment.hooks.commands[moment] ?? []).compactMap(Command.init(vector:))
    }

    private func variables(in context: StepContext) throws(DeployError) -> [String: String] {
        let plan = context.plan
        var variables = try ServiceVariables.variables(
            context, release: plan.release ?? plan.timestamp, database: nil, instance: nil)
        variables["DEPLOYCTL_COMMAND"] = plan.kind.rawValue
        variables["DEPLOYCTL_STEP"] = moment.rawValue
        variables["DEPLOYCTL_BACKUP"] = backup.map(context.layout.backup)
        variables["DEPLOYCTL_DRY_RUN"] = "false"
        return variables
    }

    private func refuseStranger(
        on command: Command, in folder: String, _ context: StepContext
    ) throws(DeployError) {
        for word in command.vector where word.begins(with: "/") || word.begins(with: "./") {
            let path = word.begins(with: "/") ? word : "\(folder)/\(word.dropFirst(2))"
            try context.ports.files.refuseStranger(on: path)
        }
    }

    var failure: FailurePolicy { moment.comesBefore ? .unwind : .warn }
}

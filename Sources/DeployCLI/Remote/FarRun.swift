import DeployCore

/// One command line, run on the machine that serves: by this terminal, with its signals and its exit code.
struct FarRun {
    let context: CommandContext
    let address: FarAddress
    let build: Build
    let table: CommandTable

    /// Verbs that build the commit at hand.
    private static let building = ["staging", "plan staging"]
    /// Verbs whose program reads what is typed or piped.
    private static let reading = ["exec", "db"]

    private var verb: String { context.invocation.verb.name }

    func run() throws(DeployError) -> ExitCode {
        let transfer = CommitTransfer(context.workspace)
        let folder = address.folder(of: try context.definitions.farWords().project ?? "project")
        let greeting = try FarGreeter(context: context, address: address, build: build).greet(folder)
        let isBuilding = Self.building.contains(verb)
        var request = FarRequest(
            folder: greeting.folder, prefix: transfer.prefix, performer: context.origin.performer,
            trigger: trigger)
        if isBuilding || greeting.commit == nil {
            let load = try transfer.load(context.invocation.text("ref") ?? "HEAD")
            warn(try transfer.push(load, to: address.target, folder: greeting.folder))
            request.commit = load.commit
        }
        let words = FarLine(invocation: context.invocation, table: table)
            .words(building: isBuilding ? request.commit : nil)
        return try hand(over: words, request)
    }

    /// What may not deploy here may not by going there.
    private var trigger: Trigger {
        let trigger = context.origin.trigger
        return trigger.hasSomebody ? trigger : .hook
    }

    private func warn(_ branches: [String]) {
        for branch in branches {
            let text =
                "\(address.target) has commits on \(branch) that are not here, or another history: its \(branch) stays"
            context.say(Wrap.hanging(InertText.line(text), after: "", width: context.errorStyle.width) + "\n")
        }
    }

    private func hand(over words: [String], _ request: FarRequest) throws(DeployError) -> ExitCode {
        let onTerminal =
            context.ports.prompter.canAsk && context.streams.readsTerminal
            && context.streams.output.isTerminal
            && context.streams.errors.isTerminal
        let reads = Self.reading.contains(verb)
        var request = request
        request.hasLifeline = !onTerminal && !reads
        let command = SSHCommands.deployctl(
            ["far-run", "--", try JSON.text(request)] + words, on: address.target, onTerminal: onTerminal)
        if reads {
            let result = context.ports.commands.become(CommandRequest(command))
            throw lost("ssh \(result.explanation)")
        }
        context.progress.pause()
        let result = context.ports.commands.lend(CommandRequest(command), lifeline: request.hasLifeline)
        return try code(result)
    }

    private func code(_ result: CommandResult) throws(DeployError) -> ExitCode {
        switch result.ending {
        case .exited(let status) where status != 255:
            guard let code = ExitCode(rawValue: status) else {
                throw lost("what ran there ended with \(status)")
            }
            return code
        case .interrupted: throw lost("ssh was interrupted here")
        default: throw lost("ssh \(result.explanation)")
        }
    }

    private func lost(_ why: String) -> DeployError {
        DeployError(
            .connectionLost, what: "The connection to \(address.target) was lost",
            why: "\(why); what became of the run there is not known here",
            next: "deployctl status --host \(address.text)")
    }
}

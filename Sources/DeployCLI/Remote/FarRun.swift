import DeployCore

/// One command line, run on the machine that serves: by this terminal, with its signals and its exit code.
struct FarRun {
    let context: CommandContext
    let choice: FarChoice.Choice
    let build: Build
    let table: CommandTable

    /// Verbs that build the commit at hand.
    private static let building = ["staging", "plan staging"]
    /// Verbs that read what is typed or piped.
    private static let reading = ["exec", "db", "secret set", "secret remove"]

    private var address: FarAddress { choice.address }
    private var verb: String { context.invocation.verb.name }
    private var isReading: Bool { Self.reading.contains(verb) }

    func run() throws(DeployError) -> Int32 {
        let transfer = CommitTransfer(context.workspace)
        let folder = address.folder(of: try context.definitions.farWords().project ?? "project")
        let greeter = FarGreeter(context: context, choice: choice, build: build)
        let isAbout = Self.building.contains(verb) || context.invocation.goesByCommit
        var load = isAbout ? try transfer.load(context.invocation.text("ref") ?? "HEAD") : nil
        var greeting = try greeter.greet(folder, with: try request(transfer.prefix, about: load?.commit))
        if greeting.commit == nil, load == nil {
            let first = try transfer.load("HEAD")
            var request = try request(transfer.prefix, about: nil)
            request.commit = first.commit
            greeting = try greeter.greet(folder, with: request)
            load = first
        }
        if isAbout, !context.invocation.has("ref") { mention(transfer.uncommitted()) }
        if let load { warn(try transfer.push(load, to: address.target, folder: greeting.folder)) }
        return try hand(over: greeting)
    }

    private func request(_ prefix: String, about commit: String?) throws(DeployError) -> FarRequest {
        let built = Self.building.contains(verb) ? commit : nil
        var request = FarRequest(
            words: FarLine(invocation: context.invocation, table: table).words(building: built),
            prefix: prefix, commit: commit, performer: context.origin.performer, trigger: trigger,
            hasLifeline: !onTerminal && !isReading)
        if trigger != context.origin.trigger { request.origin = context.origin.trigger }
        request.host = address.text
        if case .flag = choice.source { request.isHostTyped = true }
        request.release = context.variables[FleetCall.releaseName].flatMap { Timestamp(digits: $0) }
        return request
    }

    /// What may not deploy here may not by going there.
    private var trigger: Trigger {
        let trigger = context.origin.trigger
        return trigger.hasSomebody || trigger == .agent ? trigger : .hook
    }

    private func warn(_ branches: [CommitTransfer.Refusal]) {
        for branch in branches {
            say("\(address.target) keeps its branch \(branch.name) where it is: git says \(branch.why)")
        }
    }

    /// What is in no commit is not built, however plainly it stands in the editor.
    private func mention(_ paths: [String]) {
        guard !paths.isEmpty else { return }
        let named =
            paths.prefix(3).map { Shown.text($0) }.joined(separator: ", ") + (paths.count > 3 ? ", …" : "")
        say("What is in no commit stays here: \(named)")
    }

    private func say(_ text: String) {
        context.say(Wrap.hanging(InertText.line(text), after: "", width: context.errorStyle.width) + "\n")
    }

    private var onTerminal: Bool {
        context.ports.prompter.canAsk && context.streams.readsTerminal && context.streams.output.isTerminal
            && context.streams.errors.isTerminal
    }

    private func hand(over greeting: FarGreeting) throws(DeployError) -> Int32 {
        try refuseShown()
        let words = [greeting.folder, greeting.request ?? ""]
        let command = SSHCommands.deployctl(
            ["far-run", "--"] + words, on: address.target, onTerminal: onTerminal)
        context.progress.pause()
        let result = context.ports.commands.lend(
            CommandRequest(command), lifeline: !onTerminal && !isReading)
        if case .exited(let status) = result.ending, status != 255 { return status }
        if isReading, let asked = context.ports.interruption.requested() { return asked.rawValue }
        return try settle(result, words)
    }

    /// Without a terminal there, this one would show what is typed.
    private func refuseShown() throws(DeployError) {
        guard verb == "secret set", !onTerminal, context.streams.readsTerminal else { return }
        throw .usage(
            "the value would be shown while it is typed",
            why: "output or errors are no terminal, so there is none on \(address.target) either",
            next: "pipe the value into it, or run it on a terminal: deployctl help secret set")
    }

    /// ssh ends with 255 when it lost the connection, when what ran there was killed, and when that ended with 255.
    private func settle(_ result: CommandResult, _ words: [String]) throws(DeployError) -> Int32 {
        if onTerminal { context.say("\n") }
        let ssh = result.ending == .exited(255) ? "ssh ended with 255" : "ssh \(result.explanation)"
        switch FarEndingQuestion(context: context, address: address).ask(words) {
        case nil: throw lost(ssh, "what became of the run there is not known here")
        case .running: throw lost(ssh, "it is still run there")
        case .unknown: throw lost(ssh, "what ran there ended without saying how")
        case .withdrawn:
            throw DeployError(
                .stepFailed, what: "\(address.target) did not begin",
                why: "\(ssh); the request was withdrawn, and nothing was changed there",
                next: "ssh \(address.target) true")
        case .ended(255, nil): return 255
        case .ended(let code, let said):
            guard code != 0 || !needsOutput else {
                throw lost(ssh, "what ran there ended well, and what it printed may be cut off here")
            }
            say("The connection to \(address.target) was lost; what ran there ended with \(code)")
            if let said { throw said }
            return code
        }
    }

    /// Whether success without all that was printed is none.
    private var needsOutput: Bool {
        isReading || context.wantsJSON || context.invocation.verb.group == .look
    }

    private func lost(_ ssh: String, _ fate: String) -> DeployError {
        DeployError(
            .connectionLost, what: "The connection to \(address.target) was lost", why: "\(ssh); \(fate)",
            next: "deployctl status --host \(address.text)")
    }
}

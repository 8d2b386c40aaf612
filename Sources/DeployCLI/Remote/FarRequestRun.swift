import DeployCore

/// One request of another machine, on its way through this one.
struct FarRequestRun {
    let cli: CLI
    /// The repository, absolute.
    let folder: String
    let id: String
    let request: FarRequest

    /// Verbs whose program takes the place of deployctl.
    private static let becoming = ["exec", "db"]
    /// Verbs that ask which branches hold a commit.
    private static let asking = ["staging", "plan staging", "production", "plan production", "gates"]

    /// Whether it is run by a second process, which reads the request anew.
    static func isProgram(_ request: FarRequest) -> Bool {
        guard let invocation = try? ArgumentParser(table: .deployctl).parse(request.words) else {
            return false
        }
        return isProgram(invocation)
    }

    private static func isProgram(_ invocation: Invocation) -> Bool {
        becoming.contains(invocation.verb.name) && !invocation.looksOnly
    }

    private var project: String { FarFolder.project(request.prefix, in: folder) }

    /// The exit code; what went wrong was said.
    func run() -> Int32 {
        do throws(DeployError) {
            let ports = cli.makePorts(project)
            if request.hasLifeline { ports.interruption.followLifeline() }
            guard let invocation = try? ArgumentParser(table: cli.table).parse(request.words) else {
                return inner(ports, request.words)
            }
            return try run(invocation, FarFolder(ports, path: folder), ports)
        } catch {
            return cli.report(error, of: request.words)
        }
    }

    /// The same where a program may take the place of this one.
    func runProgram() -> Int32 { inner(cli.makePorts(project), request.words) }

    private func run(_ invocation: Invocation, _ place: FarFolder, _ ports: Ports) throws(DeployError)
        -> Int32
    {
        if Self.asking.contains(invocation.verb.name), let failure = place.fetch() {
            say(failure, invocation)
        }
        guard !invocation.looksOnly, !invocation.goesByCommit else {
            return try look(invocation, place, ports)
        }
        let turn = try bring(to: place, invocation)
        defer { withExtendedLifetime(turn) {} }
        try place.mark(request.prefix, as: request.machine)
        guard Self.isProgram(invocation) else { return inner(ports, request.words) }
        return try waitForProgram(ports)
    }

    /// A plan is made by the definitions of the commit, and the folder stays where it is.
    private func look(_ invocation: Invocation, _ place: FarFolder, _ ports: Ports) throws(DeployError)
        -> Int32
    {
        let environments = invocation.globals.environments
        guard let commit = request.commit, !environments.begins(with: "/"),
            !environments.split(at: "/").contains(where: { $0 == ".." })
        else { return inner(ports, request.words) }
        let copy = try place.definitions(of: commit, in: "\(request.prefix)\(environments)", for: id)
        defer { try? ports.files.remove(copy) }
        let flags = request.words.prefix { $0 != "--" }.filter { !$0.begins(with: "--environments=") }
        return inner(
            ports, ["--environments=\(copy)"] + flags + request.words.drop { $0 != "--" })
    }

    private func bring(to place: FarFolder, _ invocation: Invocation) throws(DeployError) -> (any HeldLock)? {
        guard let commit = request.commit else { return nil }
        let waiting: Duration? =
            switch invocation.globals.lockWait {
            case .none: nil
            case .seconds(let seconds): .milliseconds(Int64(seconds * 1000))
            }
        return try FarMove(place, by: request.performer, waiting: waiting) { say($0, invocation) }
            .carryOut(to: commit, prefix: request.prefix)
    }

    private func waitForProgram(_ ports: Ports) throws(DeployError) -> Int32 {
        let program = ports.files.linkTarget("/proc/self/exe") ?? "deployctl"
        let words = ["far-program", "--"] + [folder, id].map(FarWord.encoded)
        var call = CommandRequest(Command(program, words))
        call.environment[FarSide.runtimeFolder] = cli.variables[FarSide.runtimeFolder]
        let result = ports.commands.lend(call, lifeline: false)
        guard let status = result.status else {
            throw DeployError(
                .stepFailed, what: "\(program) cannot be started again", why: result.explanation,
                next: "deployctl doctor")
        }
        return status
    }

    private func inner(_ ports: Ports, _ words: [String]) -> Int32 {
        cli.with(variables, ports).run(["--project=\(project)"] + words)
    }

    private var variables: [String: String] {
        var variables = cli.variables
        variables["DEPLOYCTL_PERFORMER"] = request.performer
        if !request.trigger.hasSomebody {
            let origin = request.origin.flatMap { $0.hasSomebody ? nil : $0 } ?? request.trigger
            variables["DEPLOYCTL_TRIGGER"] = origin.rawValue
        } else if request.trigger == .ci {
            variables["CI"] = "true"
        }
        return variables
    }

    private func say(_ text: String, _ invocation: Invocation) {
        guard !invocation.globals.json else { return }
        let style = Style(
            for: cli.streams.errors, noColor: invocation.globals.noColor, variables: cli.variables)
        cli.streams.errors.write(
            Wrap.hanging(InertText.line(text), after: "", width: style.width) + "\n")
    }
}

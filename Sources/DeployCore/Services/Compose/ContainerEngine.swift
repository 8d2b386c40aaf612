import FoundationEssentials

/// Asks the container engine, and gives it the few orders that need no Compose file.
struct ContainerEngine {
    let commands: any CommandRunner

    /// Which of these containers run, by full id.
    func running(among ids: [String]) -> Set<String> {
        guard !ids.isEmpty else { return [] }
        let result = commands.run(CommandRequest(ContainerCommands.running(among: ids)))
        return Set(result.output.lines.map(String.init))
    }

    /// Full ids of the containers with these labels, stopped ones included.
    ///
    /// - Throws: `.stepFailed` when the engine does not answer; what cannot be asked is not known to be gone.
    func ids(_ labels: [String: String]) throws(DeployError) -> [String] {
        try lines(ContainerCommands.list(labels))
    }

    /// The containers with these labels, as the engine sees them now.
    func containers(_ labels: [String: String]) throws(DeployError) -> [ContainerState] {
        try inspect(ids(labels))
    }

    /// Those of these ids that exist.
    func inspect(_ ids: [String]) throws(DeployError) -> [ContainerState] {
        try inspect(ids, format: ContainerState.format)
    }

    /// What exists of these ids, each read from a line of JSON that the engine fills in.
    func inspect<Value: Decodable>(_ ids: [String], format: String) throws(DeployError) -> [Value] {
        guard !ids.isEmpty else { return [] }
        let result = commands.run(
            CommandRequest(ContainerCommands.inspect(ids, format: format), outputLimit: 8 << 20))
        // One that was removed in between is no failure.
        guard result.succeeded || result.errors.holds("No such container") else {
            throw Self.silent(result)
        }
        var values: [Value] = []
        for line in result.output.lines {
            values.append(try JSON.value(Value.self, from: Data(line.utf8), named: "The engine's answer"))
        }
        return values
    }

    /// How a container that runs again ended in the last quarter of an hour; nil where the engine does not know.
    func lastEnding(of id: String, before now: Date) -> ProcessEnding? {
        // The end that is asked for may be that of this very moment.
        let last = Int((now.timeIntervalSince1970 * 1000).rounded(.up))
        let command = ContainerCommands.ends(
            of: id, from: "\(last / 1000 - 900)",
            to: "\(last / 1000).\(Substring("\(1000 + last % 1000)".utf8.dropFirst()))")
        let result = commands.run(CommandRequest(command, deadline: .seconds(5)))
        return ContainerState.lastEnding(in: result.output)
    }

    /// Ends containers at once and removes them; nil when there are none.
    func remove(_ ids: [String]) -> CommandResult? {
        guard !ids.isEmpty else { return nil }
        return commands.run(CommandRequest(ContainerCommands.remove(ids), deadline: .seconds(60)))
    }

    /// Has it start them again when they end unasked, and when the machine starts.
    func keep(_ ids: [String]) throws(DeployError) {
        guard !ids.isEmpty else { return }
        let result = commands.run(CommandRequest(ContainerCommands.keep(ids), deadline: .seconds(60)))
        guard !result.succeeded else { return }
        throw DeployError(
            .stepFailed, what: "The engine does not keep containers running", why: result.explanation,
            next: "deployctl doctor")
    }

    /// Asks containers to end and waits as long as each was promised.
    func stop(_ ids: [String]) {
        guard !ids.isEmpty else { return }
        _ = commands.run(CommandRequest(ContainerCommands.stop(ids), deadline: .seconds(900)))
    }

    /// Ends containers with these labels at once and removes them, then their own networks; true when nothing is left.
    func sweep(_ labels: [String: String]) throws(DeployError) -> Bool {
        if let result = remove(try ids(labels)), !result.succeeded { return false }
        for network in try lines(ContainerCommands.networks(labels)) {
            let result = commands.run(CommandRequest(ContainerCommands.removeNetwork(network)))
            guard result.succeeded else { return false }
        }
        return true
    }

    private func lines(_ command: Command) throws(DeployError) -> [String] {
        let result = commands.run(CommandRequest(command))
        guard result.succeeded else { throw Self.silent(result) }
        return result.output.lines.map(String.init)
    }

    private static func silent(_ result: CommandResult) -> DeployError { EngineSilence(result: result).error }
}

extension ContainerEngine {
    /// What `containers` starts.
    static func programs(listing labels: [String: String]) -> [ProgramCall] {
        programs(listing: labels, format: ContainerState.format)
    }

    /// What asking for a line as `format` says about each container with these labels starts.
    static func programs(listing labels: [String: String], format: String) -> [ProgramCall] {
        [ContainerCommands.list(labels)].calls
            + [ContainerCommands.inspect(["{containers…}"], format: format)].calls.when("there are any")
    }

    /// What `inspect` and `lastEnding` start.
    static var programsInspecting: [ProgramCall] {
        [ContainerCommands.inspect(["{containers…}"], format: ContainerState.format)].calls
            + [ContainerCommands.ends(of: "{container}", from: "{seconds}", to: "{seconds}")].calls.when(
                "one of them ended and runs again")
    }

    /// What `running` starts.
    static var programsWatching: [ProgramCall] {
        [ContainerCommands.running(among: ["{containers…}"])].calls
    }

    /// What `stop` and `remove` start.
    static var programsEnding: [ProgramCall] {
        [ContainerCommands.stop(["{containers…}"]), ContainerCommands.remove(["{containers…}"])].calls
    }

    /// What `sweep` starts.
    static func programs(sweeping labels: [String: String]) -> [ProgramCall] {
        programs(removing: labels) + [ContainerCommands.networks(labels)].calls
            + [ContainerCommands.removeNetwork("{network}")].calls.when("there are any")
    }

    /// What `remove` starts for all with these labels.
    static func programs(removing labels: [String: String]) -> [ProgramCall] {
        [ContainerCommands.list(labels)].calls
            + [ContainerCommands.remove(["{containers…}"])].calls.when("there are any")
    }
}

import FoundationEssentials

/// Questions to the container engine, and the few orders that need no Compose file.
struct ContainerCommands {
    let commands: any CommandRunner

    /// Which of these containers run, by full id.
    func running(among ids: [String]) -> Set<String> {
        let format = "{{if .State.Running}}{{.Id}}{{end}}"
        let result = commands.run(
            CommandRequest(Command("docker", ["container", "inspect", "--format", format, "--"] + ids)))
        return Set(result.output.split(whereSeparator: \.isNewline).map(String.init))
    }

    /// Full ids of the containers with these labels, stopped ones included.
    ///
    /// - Throws: `.stepFailed` when the engine does not answer; what cannot be asked is not known to be gone.
    func ids(_ labels: [String: String]) throws(DeployError) -> [String] {
        try lines(
            Command("docker", ["ps", "--all", "--quiet", "--no-trunc"] + ContainerLabels.filters(labels)))
    }

    func networks(_ labels: [String: String]) throws(DeployError) -> [String] {
        try lines(Command("docker", ["network", "ls", "--quiet"] + ContainerLabels.filters(labels)))
    }

    /// The containers with these labels, as the engine sees them now.
    func containers(_ labels: [String: String]) throws(DeployError) -> [ContainerState] {
        try inspect(ids(labels))
    }

    /// Those of these ids that exist.
    func inspect(_ ids: [String]) throws(DeployError) -> [ContainerState] {
        guard !ids.isEmpty else { return [] }
        let result = commands.run(
            CommandRequest(
                Command(
                    "docker", ["container", "inspect", "--format", ContainerState.format, "--"] + ids),
                outputLimit: 8 << 20))
        // One that was removed in between is no failure.
        guard result.succeeded || result.errors.contains("No such container") else {
            throw Self.silent(result)
        }
        var states: [ContainerState] = []
        for line in result.output.split(whereSeparator: \.isNewline) {
            states.append(
                try JSON.value(ContainerState.self, from: Data(line.utf8), named: "The engine's answer"))
        }
        return states
    }

    /// Ends containers at once and removes them, with the volumes that have no name.
    func remove(_ ids: [String]) -> CommandResult? {
        guard !ids.isEmpty else { return nil }
        return commands.run(
            CommandRequest(
                Command("docker", ["rm", "--force", "--volumes", "--"] + ids), deadline: .seconds(60)))
    }

    /// Asks containers to end and waits as long as each was promised.
    func stop(_ ids: [String]) {
        guard !ids.isEmpty else { return }
        _ = commands.run(
            CommandRequest(Command("docker", ["stop", "--"] + ids), deadline: .seconds(900)))
    }

    private func lines(_ command: Command) throws(DeployError) -> [String] {
        let result = commands.run(CommandRequest(command))
        guard result.succeeded else { throw Self.silent(result) }
        return result.output.split(whereSeparator: \.isNewline).map(String.init)
    }

    static func silent(_ result: CommandResult) -> DeployError {
        DeployError(
            .stepFailed, what: "The container engine does not answer", why: result.explanation,
            next: "deployctl doctor")
    }
}

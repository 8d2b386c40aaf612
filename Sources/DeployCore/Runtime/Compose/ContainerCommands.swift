/// Questions to the container engine.
struct ContainerCommands {
    let commands: any CommandRunner

    /// Which of these containers run, by full id.
    func running(among ids: [String]) -> Set<String> {
        let format = "{{if .State.Running}}{{.Id}}{{end}}"
        let result = commands.run(
            CommandRequest(Command("docker", ["container", "inspect", "--format", format, "--"] + ids)))
        return Set(result.output.split(whereSeparator: \.isNewline).map(String.init))
    }
}

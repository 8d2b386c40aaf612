/// What the machine must have to run containers.
struct ComposeFindings {
    let commands: any CommandRunner

    var all: [Finding] { [engine, compose, membership] }

    private var engine: Finding {
        let result = commands.run(CommandRequest(ContainerCommands.version, deadline: .seconds(10)))
        guard result.succeeded else {
            let silence = EngineSilence(result: result).error
            return Finding(
                id: "docker",
                verdict: .refused("\(silence.what): \(silence.why)", next: silence.next))
        }
        return Finding(id: "docker", verdict: .passed(String(result.output.trimmed)))
    }

    private var compose: Finding {
        guard let version = ComposeTool(commands: commands).version else {
            return Finding(
                id: "compose",
                verdict: .refused(
                    "missing, needed to read Compose files",
                    next: "apt-get install docker-compose-plugin, or docker-compose where that is version 2"))
        }
        guard ComposeTool.isRecent(version) else {
            let error = ComposeTool.tooOld(version)
            return Finding(
                id: "compose", verdict: .refused("\(error.what): \(error.why)", next: error.next))
        }
        return Finding(id: "compose", verdict: .passed(version))
    }

    /// Who may talk to the engine may do anything.
    private var membership: Finding {
        let result = commands.run(CommandRequest(Command("id", ["-nG"]), deadline: .seconds(5)))
        guard result.output.words.contains(where: { $0 == "docker" }) else {
            return Finding(id: "docker group", verdict: .passed("not a member"))
        }
        return Finding(
            id: "docker group",
            verdict: .warned(
                "a member of group docker is as powerful as root",
                next: "let nobody else use this account, or run the engine rootless"))
    }
}

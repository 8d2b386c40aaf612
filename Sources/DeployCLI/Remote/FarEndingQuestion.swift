import DeployCore
import FoundationEssentials

/// Asks the far side what became of a request, once the connection it was run over is gone.
struct FarEndingQuestion {
    let context: CommandContext
    let address: FarAddress

    /// nil where nobody answers; `words` are the folder and the request's name.
    func ask(_ words: [String]) -> FarEnding? {
        let command = SSHCommands.deployctl(
            ["far-ending", "--"] + words, on: address.target, onTerminal: false)
        let result = context.ports.commands.run(CommandRequest(command, deadline: .seconds(60)))
        guard result.succeeded, let line = result.output.lines.last(where: { $0.begins(with: "{") }) else {
            return nil
        }
        return try? JSON.value(FarEnding.self, from: Data(line.utf8), named: "the answer")
    }
}

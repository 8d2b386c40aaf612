import Foundation

@testable import DeployCore

/// age on a file system in memory: what it encrypts is the text backwards below its header.
public struct FakeAge: CommandRunner {
    let files: MemoryFileStore
    /// What is done instead of encrypting or decrypting; nil does it.
    let lie: (@Sendable (_ decrypts: Bool, Data) -> (CommandResult.Ending, Data))?
    static let header = Data("age-encryption.org/v1\n".utf8)

    public init(
        files: MemoryFileStore,
        lie: (@Sendable (_ decrypts: Bool, Data) -> (CommandResult.Ending, Data))? = nil
    ) {
        self.files = files
        self.lie = lie
    }

    public func has(_ program: String) -> Bool { program == "age" }

    public func run(_ request: CommandRequest) -> CommandResult {
        guard request.command.program == "age" else { return CommandResult(.notStarted("not simulated")) }
        let read = request.inputFile.flatMap { try? files.read($0) }
        let input = request.input ?? read ?? Data()
        let decrypts = request.command.arguments.contains("--decrypt")
        let (ending, output) = lie?(decrypts, input) ?? answer(decrypts, input)
        if let path = request.outputFile {
            files.write(output, to: path)
            return CommandResult(ending)
        }
        return CommandResult(ending, output: String(decoding: output, as: UTF8.self))
    }

    public func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }

    private func answer(_ decrypts: Bool, _ input: Data) -> (CommandResult.Ending, Data) {
        guard decrypts else { return (.exited(0), Self.header + input.reversed()) }
        guard input.starts(with: Self.header) else { return (.exited(1), Data()) }
        return (.exited(0), Data(input.dropFirst(Self.header.count).reversed()))
    }
}

import DeployCore
import FoundationEssentials

/// What one of several machines answered.
struct FleetAnswer: Encodable, Sendable {
    let host: String
    /// The exit code of the command there.
    let exit: Int32
    /// The command's own answer, as it is on one machine; null where it gave none.
    @OrNull var answer: JSONField?
    /// null where nothing went wrong.
    @OrNull var error: Failure?

    let machine: FarAddress
    let failure: DeployError?
    private let line: Data?

    enum CodingKeys: CodingKey { case host, exit, answer, error }

    init(_ machine: FarAddress, _ result: CommandResult) {
        self.machine = machine
        host = machine.text
        line = result.output.lines.last { $0.begins(with: "{") }.map { Data($0.utf8) }
        answer = line.flatMap { try? JSON.value(JSONField.self, from: $0, named: "the answer") }
        let code = result.status ?? ExitCode.unexpected.rawValue
        exit = code
        failure =
            code == 0
            ? nil
            : ToldFailure.last(in: result.errors)?.happening(on: machine.text)
                ?? (line == nil
                    ? DeployError(
                        ExitCode(rawValue: code) ?? .stepFailed, what: "\(machine.text) gave no answer",
                        why: result.explanation, next: "deployctl status --host \(machine.text)") : nil)
        error = failure.map { Failure($0) }
    }

    /// nil where it answered with something else.
    func read<Value: Decodable>(_ type: Value.Type) -> Value? {
        line.flatMap { try? JSON.value(type, from: $0, named: "the answer") }
    }
}

/// What several machines answered, for programs.
struct FleetAnswers: Encodable, Sendable { let machines: [FleetAnswer] }

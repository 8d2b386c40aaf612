import DeployCore
import FoundationEssentials

/// A failure that another deployctl said in JSON.
enum ToldFailure {
    private struct Answer: Decodable { let error: Told }
    private struct Told: Decodable {
        let code: Int32
        let what, why, next: String
        let host: String?
    }

    /// The last one of what it wrote to its error stream; nil where it said none.
    static func last(in errors: String) -> DeployError? {
        guard let line = errors.lines.last(where: { $0.begins(with: "{") }),
            let told = try? JSON.value(Answer.self, from: Data(line.utf8), named: "the failure").error,
            let code = ExitCode(rawValue: told.code)
        else { return nil }
        let error = DeployError(code, what: told.what, why: told.why, next: told.next)
        return told.host.map { error.happening(on: $0) } ?? error
    }
}

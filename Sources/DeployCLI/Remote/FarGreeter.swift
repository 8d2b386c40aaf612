import DeployCore
import FoundationEssentials

/// Brings a request to the far side, which says who it is before anything is done.
struct FarGreeter {
    let context: CommandContext
    let address: FarAddress
    let build: Build

    /// - Throws: `.stepFailed` when the machine cannot be reached, lacks deployctl, or has another version of it.
    func greet(_ folder: String, with request: FarRequest) throws(DeployError) -> FarGreeting {
        let command = SSHCommands.deployctl(
            ["far-greet", "--", folder], on: address.target, onTerminal: false)
        var call = CommandRequest(command, deadline: .seconds(120))
        call.input = try JSON.data(request)
        let result = context.ports.commands.run(call)
        switch result.ending {
        case .exited(0): break
        case .exited(127):
            throw failure(
                "There is no deployctl on \(address.target)", result.explanation,
                "install the package there that make package builds")
        case .exited(2):
            throw failure(
                "deployctl on \(address.target) is of another version",
                "it does not know this one's greeting; \(own)",
                "install the same version there and here")
        case .exited(255), .timedOut, .notStarted:
            throw failure(
                "\(address.target) cannot be reached", "ssh \(result.explanation)",
                "ssh \(address.target) true")
        default:
            throw failure(
                "\(address.target) refuses", result.explanation, "ssh \(address.target) deployctl version")
        }
        // A login script may print lines of its own.
        guard let line = result.output.lines.last(where: { $0.begins(with: "{") }),
            let greeting = try? JSON.value(FarGreeting.self, from: Data(line.utf8), named: "the greeting")
        else {
            throw failure(
                "\(address.target) answers with something else",
                CommandResult.repeatable(result.output).joined(separator: "\n"),
                "ssh \(address.target) deployctl version")
        }
        try refuseOther(greeting)
        return greeting
    }

    private var own: String { "here is \(CLI.version), schema \(build.schema)" }

    private func refuseOther(_ greeting: FarGreeting) throws(DeployError) {
        guard greeting.request == nil || greeting.schema != build.schema || greeting.version != CLI.version
        else { return }
        throw failure(
            "deployctl on \(address.target) is of another version",
            "there is \(InertText.line(greeting.version)), schema \(greeting.schema); \(own)",
            greeting.schema < build.schema
                ? "install this version there" : "install the version there is on this machine")
    }

    private func failure(_ what: String, _ why: String, _ next: String) -> DeployError {
        DeployError(.stepFailed, what: what, why: "\(why); nothing was changed there", next: next)
    }
}

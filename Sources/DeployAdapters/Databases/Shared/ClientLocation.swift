import DeployCore
import Glibc

/// Where a database server's own clients run.
public enum ClientLocation: Hashable, Sendable {
    /// On this machine, reaching the server by TCP.
    case machine(host: String, port: Int)
    /// In the container the server runs in, by its name, which stays when it is made anew.
    case container(String)

    /// The request as it is run there.
    ///
    /// Its environment must hold nothing secret: into a container it goes in the arguments. `terminal`: for a person, who
    /// gets one there too unless what they say is piped. `secret`: variables that arguments name and do not show.
    public func place(
        _ request: CommandRequest, terminal: Bool = false, handingOn secret: [String: String] = [:]
    ) -> CommandRequest {
        guard case .container(let id) = self else { return request }
        var placed = request
        let variables = request.environment.sorted { $0.key < $1.key }.flatMap {
            ["--env", "\($0.key)=\($0.value)"]
        }
        placed.environment = secret
        placed.command = Command(
            "docker",
            ["exec", terminal && Self.isTyped ? "-it" : "-i"] + variables
                + secret.keys.sorted().flatMap { ["--env", $0] } + [id, request.command.program]
                + request.command.arguments)
        return placed
    }

    private static var isTyped: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }
}

import DeployCore
import Glibc

/// Gives this process to another program.
enum Become {
    /// Returns only when it could not, and says why.
    static func program(_ request: CommandRequest) -> CommandResult {
        let environment = BaseEnvironment.with(request.environment)
        let name = request.command.program
        guard
            let path = ProgramPath.find(name, path: environment["PATH"], directory: request.directory)
        else {
            return CommandResult(
                .notStarted(ProgramPath.reasonMissing(name, directory: request.directory)))
        }
        if let directory = request.directory, chdir(directory) != 0 {
            return CommandResult(.notStarted(String(cString: strerror(errno))))
        }
        // What is ignored here would stay ignored there.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_DFL) }
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let failure = withCStrings(request.command.vector) { vector in
            withCStrings(variables) { variables in
                execve(path, vector, variables)
                return errno
            }
        }
        return CommandResult(.notStarted(String(cString: strerror(failure))))
    }
}

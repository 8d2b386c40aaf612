import CSpawn
import DeployCore
import Glibc

/// Gives this process to another program.
enum Become {
    /// Returns only when it could not, and says why.
    static func program(_ request: CommandRequest) -> CommandResult {
        let environment = BaseEnvironment.with(request.environment)
        let asked = AccountCommand(request.command)
        let command = asked?.command ?? request.command
        let name = command.program
        guard
            let path = ProgramPath.find(name, path: environment["PATH"], directory: request.directory)
        else {
            return CommandResult(
                .notStarted(ProgramPath.reasonMissing(name, directory: request.directory)))
        }
        if let group = request.group, let refusal = LinuxResourceGroups().place(getpid(), in: group) {
            return CommandResult(.notStarted(refusal))
        }
        if let marker = request.marker { carry_mark(InheritedMark(of: marker).number) }
        if let directory = request.directory, chdir(directory) != 0 {
            return CommandResult(.notStarted(String(cString: strerror(errno))))
        }
        if let asked {
            guard let account = ChildAccount(asked) else {
                return CommandResult(.notStarted("there is no account \(asked.user)"))
            }
            let failure = account.take()
            if failure != 0 { return CommandResult(.notStarted(String(cString: strerror(failure)))) }
        }
        // What is ignored here would stay ignored there.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_DFL) }
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let failure = withCStrings(command.vector) { vector in
            withCStrings(variables) { variables in
                execve(path, vector, variables)
                return errno
            }
        }
        return CommandResult(.notStarted(String(cString: strerror(failure))))
    }
}

import DeployTestSupport
import Foundation

extension ProjectWorld {
    /// Runs deployctl as root for somebody with an account of their own, as `sudo` does.
    @discardableResult
    func runAsRoot(for uid: Int, _ arguments: String..., environment: [String: String] = [:]) throws
        -> ProgramRun
    {
        guard getuid() == 0 else { throw lacking("root") }
        let words = ([binary] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let back = "setpriv --reuid=0 --regid=0 --clear-groups --inh-caps=-all \(words)"
        return try runProgram(
            [
                "setpriv", "--reuid=\(uid)", "--regid=\(uid)", "--clear-groups", "--inh-caps=+setuid,+setgid",
                "--ambient-caps=+setuid,+setgid", "sh", "-c", "\(back); exit $?",
            ], environment: environment)
    }
}

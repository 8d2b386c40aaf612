import DeployTestSupport
import Foundation

extension ProjectWorld {
    /// Makes a program that does this instead of the real one, which it can run as `real`.
    ///
    /// - Returns: the search path that has it first.
    func putBefore(_ program: String, _ body: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let file = "\(folder)/tools/\(program)"
        try FileManager.default.createDirectory(atPath: "\(folder)/tools", withIntermediateDirectories: true)
        let script = """
            #!/bin/bash
            real() { PATH='\(path)' \(program) "$@"; }
            case " $* " in *' --version '*) real "$@"; exit;; esac
            \(body)

            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: file))
        chmod(file, 0o755)
        return "\(folder)/tools:\(path):/usr/sbin:/sbin"
    }
}

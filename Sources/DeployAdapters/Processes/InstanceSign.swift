import DeployCore
import Glibc

/// By what a process of one instance is known.
struct InstanceSign {
    private let mark: InheritedMark
    /// The variable as it stands behind another one.
    private let entry: [UInt8]
    /// How paths in its folder begin.
    private let beginning: String

    init(_ marker: String) {
        mark = InheritedMark(of: marker)
        // Variables end with a zero byte; the first has none before it.
        entry = Array("\0\(ServiceLaunch.instanceVariable)=\(marker)\0".utf8)
        beginning = "\(marker)/"
    }

    func isCarried(by pid: Int32) -> Bool { mark.isCarried(by: pid) || isNamed(by: pid) }

    /// Whether one carries it, for one look at every process of the machine.
    var carriers: (ProcessLook) -> Bool {
        let walk = ProcessWalk(isNamed)
        return { process in
            guard let limit = process.limit else { return isCarried(by: process.pid) }
            return mark.isCarried(by: limit) || walk.isSigned(process)
        }
    }

    private func isNamed(by pid: Int32) -> Bool {
        let variables = ProcFile.read("/proc/\(pid)/environ") ?? []
        if variables.starts(with: entry.dropFirst()) || contains(variables, entry) { return true }
        // nginx overwrites its variables with a title of its own. Nobody else is known by a path in the arguments:
        // a person's pager or editor has it there too.
        let title = ProcFile.read("/proc/\(pid)/cmdline") ?? []
        guard title.starts(with: "nginx: ".utf8) else { return false }
        return contains(title, Array(beginning.utf8))
            || ProcFile.openFiles(of: pid).contains { $0.begins(with: beginning) }
    }
}

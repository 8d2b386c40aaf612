import DeployCore
import Glibc

/// One look at every process of the machine, most of which are somebody else's and cost two calls each.
///
/// What descends from a service carries a mark in its limits. Only what an older version started may lack it, and leads a
/// session of its own or follows one that does: so of each other session one process is read.
final class ProcessWalk {
    private let sign: (Int32) -> Bool
    private var sessions: [Int32: Bool] = [:]
    /// By session: whether its leader is a process that only waits to be taken note of.
    private var endedLeaders: [Int32: Bool] = [:]
    /// The last session of somebody else whose leader lives.
    private var foreign: Int32 = 0

    /// `sign`: whether a process's variables or title name what is looked for; reads files.
    init(_ sign: @escaping (Int32) -> Bool) { self.sign = sign }

    func isSigned(_ process: ProcessLook) -> Bool {
        let (pid, session) = (process.pid, process.session)
        guard let limit = process.limit, limit == InheritedMark.machine else { return sign(pid) }
        // The kernel's own threads.
        guard session != 0, session != foreign else { return false }
        guard session > 0 else { return sign(pid) }
        if let known = sessions[session] { return known || outlives(pid, session) }
        let leads = pid == session || kill(session, 0) == 0 || errno == EPERM
        let found = sign(leads ? session : pid)
        if leads { sessions[session] = found }
        return found || outlives(pid, session)
    }

    /// Whether it names it itself, where its session's leader has ended and nobody took note of that: such a one shows nothing.
    private func outlives(_ pid: Int32, _ session: Int32) -> Bool {
        guard pid != session else { return false }
        let isDead = endedLeaders[session] ?? (ProcessRecord(pid: session)?.isDead ?? false)
        endedLeaders[session] = isDead
        if !isDead, sessions[session] == false { foreign = session }
        return isDead && sign(pid)
    }
}

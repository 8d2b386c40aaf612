import DeployCore
import Glibc
import Synchronization

/// How the children of this process ended; the kernel tells it once.
final class ProcessEndings: Sendable {
    private let endings = Mutex<[ProcessIdentity: ProcessEnding]>([:])

    private let started = Mutex<Set<ProcessIdentity>>([])

    func known(of process: ProcessIdentity) -> ProcessEnding? { endings.withLock { $0[process] } }

    func reap(_ process: ProcessIdentity) {
        var status: Int32 = 0
        guard waitpid(process.pid, &status, WNOHANG) == process.pid else { return }
        started.withLock { _ = $0.remove(process) }
        let signal = status & 0x7F
        let ending: ProcessEnding = signal == 0 ? .status((status >> 8) & 0xFF) : .signal(signal)
        endings.withLock { $0[process] = ending }
    }

    func expect(_ child: ProcessIdentity) { started.withLock { _ = $0.insert(child) } }

    /// So that what nobody asks for again does not stay a zombie.
    func reapStarted() { for child in started.withLock({ $0 }) { reap(child) } }
}

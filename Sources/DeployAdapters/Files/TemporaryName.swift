import DeployCore
import Glibc
import Synchronization

private let counter = Atomic<UInt64>(0)

/// A name beside `path` that no other call and no living process uses.
func temporaryName(for path: String) -> String {
    PassingName.beside(path, pid: getpid(), number: counter.add(1, ordering: .relaxed).newValue)
}

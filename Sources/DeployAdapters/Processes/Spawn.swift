import DeployCore
import Glibc

/// How a child is started: everything it may have, and nothing it inherits.
struct Spawn {
    enum Isolation { case processGroup, session }

    var program: String
    /// The argument vector, the program's name first.
    var arguments: [String]
    var environment: [String: String]
    var directory: String?
    var isolation: Isolation
    /// nil: `/dev/null`.
    var input: Descriptor?
    var output: Descriptor
    var errors: Descriptor

    enum Outcome {
        case started(Int32)
        /// An error number of the C library.
        case failed(Int32)
    }

    /// Starts the child with default signal dispositions and an empty signal mask.
    func start() -> Outcome {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input.number, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output.number, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.number, 2)
        // Whoever started this tool may have left descriptors open without close-on-exec.
        _ = posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let directory { _ = posix_spawn_file_actions_addchdir_np(&actions, directory) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setSignals(&attributes)

        var pid: Int32 = 0
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let failure = withCStrings(arguments) { vector in
            withCStrings(variables) { posix_spawn(&pid, program, &actions, &attributes, vector, $0) }
        }
        return failure == 0 ? .started(pid) : .failed(failure)
    }

    private func setSignals(_ attributes: inout posix_spawnattr_t) {
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        switch isolation {
        case .processGroup:
            posix_spawnattr_setpgroup(&attributes, 0)
            flags |= Int32(POSIX_SPAWN_SETPGROUP)
        case .session:
            flags |= spawnInOwnSession
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }
}

/// Calls `body` with a NULL-terminated vector of C strings.
func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for string in strings {
        starts.append(bytes.count)
        bytes.append(contentsOf: string.utf8CString)
    }
    if bytes.isEmpty { bytes.append(0) }
    return bytes.withUnsafeMutableBufferPointer { buffer in
        var pointers: [UnsafeMutablePointer<CChar>?] = starts.map { buffer.baseAddress?.advanced(by: $0) }
        pointers.append(nil)
        return pointers.withUnsafeMutableBufferPointer { vector in
            guard let base = vector.baseAddress else {
                preconditionFailure("a vector holds at least its end")
            }
            return body(UnsafePointer(base))
        }
    }
}

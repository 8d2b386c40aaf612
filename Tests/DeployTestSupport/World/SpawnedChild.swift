import Foundation

/// A child in a session of its own, so that no terminal of the tester is near it.
struct SpawnedChild {
    enum Streams {
        /// Without input, `/dev/null`.
        case files(input: Int32?, output: String, errors: String)
        /// All three are this terminal, which becomes the controlling one.
        case terminal(String)
    }

    let words: [String]
    let directory: String
    let environment: [String: String]
    let streams: Streams

    // POSIX_SPAWN_SETSID, hidden behind a feature macro.
    private static let inOwnSession: Int32 = 0x80

    func start() throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        connect(&actions)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | Self.inOwnSession
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let command = ["env", "-C", directory] + words
        var vector: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in vector + variables { free(text) } }
        var pid: Int32 = 0
        let failure = posix_spawnp(&pid, command[0], &actions, &attributes, &vector, &variables)
        guard failure == 0 else {
            throw Unexpected("\(words[0]) cannot be started: \(String(cString: strerror(failure)))")
        }
        return pid
    }

    private func connect(_ actions: inout posix_spawn_file_actions_t) {
        switch streams {
        case .files(let input, let output, let errors):
            if let input {
                posix_spawn_file_actions_adddup2(&actions, input, 0)
            } else {
                posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            }
            let flags = O_WRONLY | O_CREAT | O_APPEND
            posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
            posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
        case .terminal(let name):
            posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
            posix_spawn_file_actions_adddup2(&actions, 0, 2)
        }
    }
}

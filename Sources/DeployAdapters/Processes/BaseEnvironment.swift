import FoundationEssentials

/// What every child may know of the environment this tool was started in; the rest is withheld.
enum BaseEnvironment {
    private static let names: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "TERM", "SSH_AUTH_SOCK", "CI",
        "GNUPGHOME",
        "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
        "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY",
    ]
    private static let prefixes = ["LC_", "GIT_"]
    /// What git tells its hooks about the repository they run for; it would mislead a git that is told another.
    private static let ofOneRepository: Set<String> = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_QUARANTINE_PATH", "GIT_PREFIX", "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_IMPLICIT_WORK_TREE",
        "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS",
        "GIT_INTERNAL_SUPER_PREFIX", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_EXEC_PATH",
        "GIT_REFLOG_ACTION",
        "GIT_PUSH_OPTION_COUNT",
    ]

    static func inherited() -> [String: String] {
        ProcessInfo.processInfo.environment.filter { name, _ in
            !ofOneRepository.contains(name)
                && (names.contains(name) || prefixes.contains { name.begins(with: $0) })
        }
    }

    /// The base with `added` over it.
    static func with(_ added: [String: String]) -> [String: String] {
        inherited().merging(added) { _, given in given }
    }
}

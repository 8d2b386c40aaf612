import FoundationEssentials

/// What every child may know of the environment this tool was started in; the rest is withheld.
enum BaseEnvironment {
    private static let names: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "TERM", "SSH_AUTH_SOCK", "CI",
        "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    ]
    private static let prefixes = ["LC_", "GIT_"]

    static func inherited() -> [String: String] {
        ProcessInfo.processInfo.environment.filter { name, _ in
            names.contains(name) || prefixes.contains { name.hasPrefix($0) }
        }
    }

    /// The base with `added` over it.
    static func with(_ added: [String: String]) -> [String: String] {
        inherited().merging(added) { _, given in given }
    }
}

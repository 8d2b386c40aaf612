import FoundationEssentials

/// What every child may know of the environment this tool was started in; the rest is withheld.
enum BaseEnvironment {
    private static let names: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "TERM", "SSH_AUTH_SOCK", "CI",
        "GNUPGHOME",
        "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
        "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY",
    ]
    /// Of git's only who a person is and how they reach a server: the others name programs to run, or another
    /// repository than the one git is told.
    private static let prefixes = [
        "LC_", "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_SSH", "GIT_SSL_", "GIT_TRACE",
    ]
    /// Where servers' programs lie; neither cron nor an ordinary login looks there.
    private static let serverFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"]

    static func inherited() -> [String: String] {
        var variables = ProcessInfo.processInfo.environment.filter { name, _ in
            names.contains(name) || prefixes.contains { name.begins(with: $0) }
        }
        if let path = variables["PATH"] { variables["PATH"] = searchPath(path) }
        return variables
    }

    /// The base, or of it what is in `names`, with `added` over it.
    static func with(_ added: [String: String], of names: Set<String>? = nil) -> [String: String] {
        inherited().filter { names?.contains($0.key) ?? true }.merging(added) { _, given in given }
    }

    /// The person's own folders, then those they lack.
    static func searchPath(_ path: String) -> String {
        let known = path.utf8.split(separator: UInt8(ascii: ":")).map { String(decoding: $0, as: UTF8.self) }
        return ([path] + serverFolders.filter { !known.contains($0) }).joined(separator: ":")
    }
}

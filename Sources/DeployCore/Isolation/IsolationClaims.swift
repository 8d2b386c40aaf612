/// One thing an environment takes for itself.
struct IsolationClaim: Hashable, Sendable {
    /// Claims of different kinds never collide, even when their texts are equal.
    enum Kind: Hashable, Sendable {
        case account, host, port, server, databaseName, databaseUser, network, volume, path, url,
            secretSource,
            secretValue, tool
    }

    var subject: String
    var kind: Kind
    var value: String
    /// What a message may show; never a secret.
    var shown: String

    func collides(with other: IsolationClaim) -> Bool {
        guard kind == other.kind else { return false }
        guard kind == .path else { return value == other.value }
        return Self.contains(value, other.value) || Self.contains(other.value, value)
    }

    func shownBeside(_ other: IsolationClaim) -> String {
        value == other.value ? shown : "\(shown) and \(other.shown), one inside the other"
    }

    private static func contains(_ folder: String, _ path: String) -> Bool {
        folder == path || folder.isEmpty || path.begins(with: folder == "/" ? "/" : folder + "/")
    }
}

/// Lists what one environment claims.
struct IsolationClaims {
    private(set) var all: [IsolationClaim] = []
    private let project: String

    init(_ environment: Environment, digests: [String: String], project: String) {
        self.project = project
        if let url = environment.url { add("url", .url, Self.normalized(url: url), shown: url) }
        for host in environment.hosts { add("url", .host, host) }
        if let user = environment.user { add("user", .account, user) }
        if let network = environment.network { add("network", .network, network) }
        for volume in environment.volumes { add("volumes.\(volume)", .volume, volume) }
        for (name, port) in environment.ports.sorted(by: { $0.key < $1.key }) {
            add("ports.\(name)", .port, String(port))
        }
        for target in environment.toolTargets {
            add(
                "runtime", .tool, target.map { "\($0.utf8.count):\($0)" }.joined(),
                shown: "the project's own tool is told the same by both, so that they lead to one place")
        }
        addPaths(of: environment)
        if let database = environment.database { addDatabase(database, of: environment) }
        for (name, source) in environment.secrets.sorted(by: { $0.key < $1.key }) {
            add(source, subject: "secrets.\(name)")
        }
        for path in environment.linkedPaths {
            add(.file(environment.linkedFiles[path] ?? ""), subject: "files.\(path)")
        }
        for (name, digest) in digests.sorted(by: { $0.key < $1.key }) {
            let hasSubject = name.begins(with: "database.") || name.begins(with: "files.")
            let subject = hasSubject ? name : "secrets.\(name)"
            add(subject, .secretValue, digest, shown: "their values are equal")
        }
    }

    private mutating func addPaths(of environment: Environment) {
        let state = ".deployctl/\(environment.name)"
        addPath("state", state)
        for folder in environment.sharedFolders { addPath("shared.\(folder)", "\(state)/shared/\(folder)") }
        for service in environment.services {
            for path in service.grants?.writable ?? [] { addPath("grants.\(service.name)", path) }
        }
        addPath("logs", environment.logs)
        addPath("backups", environment.backup.directory)
        if let tls = environment.tls { add(.file(tls.key), subject: "tls.key") }
        if let sockets = environment.runtime.sockets { addPath("sockets", sockets) }
    }

    private mutating func addDatabase(_ database: Environment.Database, of environment: Environment) {
        if let password = database.password { add(password, subject: "database.password") }
        if let password = database.admin?.password { add(password, subject: "database.admin.password") }
        guard database.engine != .sqlite else {
            if let file = database.file {
                addPath("database.file", ".deployctl/\(environment.name)/shared/\(file)")
            }
            return
        }
        if let name = database.name { add("database.name", .databaseName, name) }
        if let user = database.user { add("database.user", .databaseUser, user) }
        let host = Self.normalized(host: database.host)
        let port = environment.databasePort ?? database.engine.defaultPort
        add("database.server", .server, "\(host):\(port)")
        // A server on this machine takes a port of it, which the other environment's services may want.
        if host == Self.local { add("database.server", .port, String(port)) }
    }

    private mutating func add(_ source: SecretSource, subject: String) {
        switch source {
        case .environment(let name):
            add(subject, .secretSource, "env \(name)", shown: "both come from the variable \(name)")
        case .file(let path):
            add(
                subject, .secretSource, "file \(normalized(path: path))",
                shown: "both come from the file \(path)")
        case .command(let vector):
            let value = vector.map { "\($0.utf8.count):\($0)" }.joined()
            add(subject, .secretSource, "command \(value)", shown: "both come from the same command")
        }
    }

    private mutating func addPath(_ subject: String, _ path: String) {
        add(subject, .path, normalized(path: path), shown: path)
    }

    private mutating func add(
        _ subject: String, _ kind: IsolationClaim.Kind, _ value: String, shown: String? = nil
    ) {
        all.append(
            IsolationClaim(subject: subject, kind: kind, value: value, shown: Shown.text(shown ?? value)))
    }
}

extension IsolationClaims {
    private static let local = "this machine"

    /// Without `.`, doubled slashes and `..`; relative to the root of the file system when the project is.
    private func normalized(path: String) -> String {
        let full = path.begins(with: "/") || project.isEmpty ? path : "\(project)/\(path)"
        var parts: [Substring] = []
        for part in full.split(at: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !full.begins(with: "/") {
                parts.append(part)
            }
        }
        return (full.begins(with: "/") ? "/" : "") + parts.joined(separator: "/")
    }

    private static func normalized(host: String?) -> String {
        let host = host?.lowered ?? local
        return ["localhost", "::1", "0.0.0.0"].contains(host) || host.begins(with: "127.") ? local : host
    }

    /// Lower-case scheme and host, no default port, no slash at the end.
    private static func normalized(url: String) -> String {
        let lowered = url.lowered
        let scheme = lowered.begins(with: "https://") ? "https://" : "http://"
        guard lowered.begins(with: scheme) else { return url }
        let rest = Substring(url.utf8.dropFirst(scheme.utf8.count))
        let host = Substring(rest.utf8.prefix { !"/?#".utf8.contains($0) })
        let standard = scheme == "https://" ? ":443" : ":80"
        let name = host.lowered
        var path = Substring(rest.utf8.dropFirst(host.utf8.count))
        while let shorter = path.before("/") { path = shorter }
        return "\(scheme)\(name.before(standard) ?? name[...])\(path)"
    }
}

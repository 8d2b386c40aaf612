/// What a machine must have to serve a project, as its definitions say.
public struct ServerNeeds: Hashable, Sendable {
    /// A database server that the definitions look for on the machine itself.
    struct DatabaseServer: Hashable, Sendable {
        let package: String
        let port: Int
    }

    /// Of the project.
    let project: String
    /// Names of Debian's packages, each once.
    private(set) var packages: [String] = ["ca-certificates", "curl", "git", "zstd"]
    private(set) var servers: [DatabaseServer] = []
    /// Whether nginx moves the traffic.
    private(set) var needsNginx = false
    private(set) var needsDocker = false
    /// Who asks for certificates: certbot or lego, unless one of them is there.
    private(set) var certificates: String?
    /// Ports that visitors come to, lowest first.
    private(set) var ports: [Int] = []
    /// Whether values have to be brought there that no commit holds.
    private(set) var asksSecrets = false
    /// Accounts that environments run their services as.
    private(set) var accounts: [String] = []

    /// Of environments as they are written.
    public init(_ environments: [Environment]) {
        project = environments.first?.project ?? "project"
        var reached: Set<Int> = []
        for environment in environments {
            let isCompose = environment.runtime.usesEngine
            needsDocker = needsDocker || isCompose
            if !isCompose { add(ServerPrograms.packages(ofRelease: environment)) }
            add(ServerPrograms.packages(aroundRelease: environment))
            add(environment.packages)
            if environment.runtime.strategy != .recreate,
                !environment.ports.isEmpty || !environment.hosts.isEmpty
            {
                needsNginx = true
            }
            if let database = environment.database, database.service == nil { add(database) }
            if let tls = environment.tls {
                add(["openssl"])
                if let acme = tls.acme { certificates = acme.program?.rawValue ?? certificates ?? "certbot" }
            }
            if !environment.allSecrets.isEmpty { asksSecrets = true }
            reached.formUnion(environment.edgePorts)
            if !environment.hosts.isEmpty {
                reached.insert(environment.sharedPorts.http)
                if environment.tls != nil { reached.insert(environment.sharedPorts.https) }
            }
            if let user = environment.user, !accounts.contains(where: { $0 == user }) {
                accounts.append(user)
            }
        }
        if needsNginx { add(["nginx"]) }
        ports = reached.sorted()
    }

    private mutating func add(_ names: [String]) {
        for name in names where !packages.contains(where: { $0 == name }) { packages.append(name) }
    }

    private mutating func add(_ database: Environment.Database) {
        switch database.engine {
        case .sqlite: return add(["sqlite3"])
        case .mysql: add(["mariadb-client"])
        case .postgresql: add(["postgresql-client"])
        }
        guard database.isOnThisMachine else { return }
        let server = DatabaseServer(
            package: database.engine == .mysql ? "mariadb-server" : "postgresql",
            port: database.port ?? database.engine.defaultPort)
        if !servers.contains(server) { servers.append(server) }
    }

    /// The lowest port, where visitors come to one that is root's on most machines.
    var lowPort: Int? { ports.first.flatMap { $0 < 1024 ? $0 : nil } }
}

/// Which package of Debian's a program of a project comes with.
enum ServerPrograms {
    private static let known: [String: [String]] = [
        "node": ["nodejs"], "npm": ["nodejs", "npm"], "npx": ["nodejs", "npm"],
        "python3": ["python3", "python3-venv", "python3-pip"], "pip3": ["python3-pip"],
        "php": ["php-cli"], "php-fpm": ["php-fpm"], "composer": ["composer"],
        "ruby": ["ruby"], "bundle": ["ruby", "ruby-bundler", "ruby-dev", "build-essential"], "rake": ["rake"],
        "puma": ["puma"], "go": ["golang-go"], "cargo": ["cargo"], "make": ["make"],
        "java": ["default-jre-headless"],
        "perl": ["perl"], "hugo": ["hugo"], "mkdocs": ["mkdocs"],
    ]

    /// Of what a release is made of, which with containers is in their images; programs that nobody knows are the project's own.
    static func packages(ofRelease environment: Environment) -> [String] {
        var lines = environment.build + environment.services.map(\.command) + environment.releaseCommands
        if case .command(let apply, _) = environment.migrations { lines.append(apply) }
        return packages(lines)
    }

    /// Of what the machine itself starts around a release, whatever that runs in.
    static func packages(aroundRelease environment: Environment) -> [String] {
        packages(
            (environment.promotion?.commands ?? [])
                + Environment.Moment.allCases.flatMap { environment.hooks.commands[$0] ?? [] })
    }

    private static func packages(_ lines: [[String]]) -> [String] {
        lines.flatMap(programs).flatMap { known[$0] ?? [] }
    }

    /// The program of a line, and the words of a shell's line.
    private static func programs(_ line: [String]) -> [String] {
        guard let first = line.first else { return [] }
        guard ["sh", "bash", "env"].contains(Path.name(first)) else { return [Path.name(first)] }
        return line.dropFirst().flatMap { $0.split(at: " ").map { Path.name(String($0)) } }
    }
}

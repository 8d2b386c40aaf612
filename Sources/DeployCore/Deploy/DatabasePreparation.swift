/// Makes role, database and rights of an environment on its server, by an administrator's account.
public struct DatabasePreparation: Sendable {
    private let deployer: Deployer
    private let environment: Environment

    /// The variable that holds the administrator's password, where one is asked for.
    public static let passwordVariable = "DEPLOYCTL_DB_ADMIN_PASSWORD"

    /// How the administrator comes to the server.
    public struct Administrator: Sendable {
        /// On the server; nil: the engine's own, postgres or root.
        public var user: String?
        /// The server's socket, or the folder that holds it; nil: where the distribution puts it.
        public var socket: String?
        /// Whether ``passwordVariable`` is set: the server is reached as the application reaches it.
        public var hasPassword: Bool

        public init(user: String?, socket: String?, hasPassword: Bool) {
            (self.user, self.socket, self.hasPassword) = (user, socket, hasPassword)
        }
    }

    public struct Result: Sendable {
        /// What was done on the server; empty where nothing was missing.
        public var done: [String] = []
        /// Secrets that got a random value, by the name they are set by.
        public var made: [String] = []
    }

    /// - Throws: `.invalidDefinition` for a database that needs no preparation.
    public init(_ deployer: Deployer, environment name: String) throws(DeployError) {
        self.deployer = deployer
        environment = try deployer.definitions.load(name)
        guard let why = Self.obstacle(environment) else { return }
        throw DeployError(
            .invalidDefinition, what: "There is nothing to prepare for \(name)", why: why,
            next: "deployctl \(name)")
    }

    private static func obstacle(_ environment: Environment) -> String? {
        guard let database = environment.database else { return "its definition has no database" }
        if database.engine == .sqlite { return "its database is a file, which the first deployment makes" }
        if let service = database.service {
            return "its server is the service \(service), whose image makes account and database"
        }
        return database.user == nil || database.name == nil
            ? "its definition names no database.user or no database.name" : nil
    }

    /// What an administrator types to have the same; nothing is looked up or changed.
    public func statements() -> [String] { own.preparation(of: accounts { _, _ in nil }) }

    /// - Throws: `.stepFailed` where the server refuses, or the account does not get its database afterwards.
    public func carryOut(as administrator: Administrator) throws(DeployError) -> Result {
        try deployer.exclusively(in: environment.name, for: "deployctl database prepare") {
            () throws(DeployError) in
            var result = Result()
            for name in missingSecrets {
                let secrets = try Secrets(deployer, environment: environment.name)
                let value = (0..<2).map { _ in RandomWord.make("") }.joined()
                _ = try secrets.set(name, to: Array(value.utf8))
                result.made.append(name)
            }
            guard try complaint() != nil else { return result }
            var failure: DeployError?
            let accounts = accounts { source, name in
                do throws(DeployError) { return try deployer.ports.secrets.fetch(source, named: name) } catch
                {
                    failure = failure ?? error
                    return nil
                }
            }
            if let failure { throw failure }
            let engine = try engine(of: administrator)
            let entry = deployer.audit.entry(.prepare, in: environment.name, on: accounts.database)
            result.done = try deployer.audit.around(entry) { () throws(DeployError) in
                try engine.prepare(accounts)
            }
            if let left = try complaint() {
                throw DeployError(
                    .stepFailed, what: "\(environment.name) does not get its database yet",
                    why: (["\(left.what): \(left.why)"] + result.done.map { "done: \($0)" }).joined(
                        separator: "\n"), next: left.next)
            }
            return result
        }
    }

    private var database: Environment.Database { environment.database ?? .init(engine: .sqlite) }
    private var layout: Layout { deployer.workspace.site(environment).layout }
    private var own: any ApplicationDatabase { deployer.ports.databases.engine(for: layout) }

    /// What the account of the definition lacks, as it logs in itself; nil where it has all.
    private func complaint() throws(DeployError) -> DeployError? {
        guard let live = layout.database(.live) else { return nil }
        let engine = deployer.ports.databases.engine(for: layout, within: .seconds(20))
        if let shut = try engine.complaint(at: nil, asking: deployer.ports.commands) { return shut }
        let isThere: Bool
        switch try engine.reach(live) {
        case .there: isThere = true
        case .missing: isThere = false
        case .denied(let error): return error
        }
        let lacks = try engine.lacks(for: live).first.map {
            DeployError(
                .stepFailed, what: "\(environment.name) lacks rights on its server", why: $0.measured,
                next: $0.next)
        }
        if let lacks { return lacks }
        guard isThere else {
            return DeployError(
                .stepFailed, what: "There is no database \(live.name)",
                why: "the server knows none of that name",
                next: "deployctl database prepare \(environment.name)")
        }
        return try engine.complaint(at: live, asking: deployer.ports.commands)
    }

    /// Files that hold no value yet, by the name it is set by.
    private var missingSecrets: [String] {
        let asked =
            [("database.password", database.password)]
            + (hasOwnAdmin ? [("database.admin.password", database.admin?.password)] : [])
        return asked.compactMap { name, source in
            guard case .file(let path)? = source, deployer.ports.files.kind(of: layout.absolute(path)) == nil
            else { return nil }
            return name
        }
    }

    /// Whether the definition's administrator is one to be made.
    private var hasOwnAdmin: Bool {
        guard let admin = database.admin?.user else { return false }
        return !admin.utf8.elementsEqual(database.engine.defaultAdmin.utf8)
    }

    private func accounts(_ secret: (SecretSource, String) -> Secret?) -> DatabaseAccounts {
        let admin = hasOwnAdmin ? database.admin : nil
        return DatabaseAccounts(
            database: database.name ?? "",
            application: .init(
                name: database.user ?? "",
                password: database.password.flatMap { secret($0, "database.password") }),
            admin: admin.map { admin in
                .init(
                    name: admin.user,
                    password: admin.password.flatMap { secret($0, "database.admin.password") })
            }, areLocal: isLocal)
    }

    private var isLocal: Bool {
        let host = database.host ?? "127.0.0.1"
        return ["127.0.0.1", "localhost", "::1"].contains { $0 == host } || host.begins(with: "/")
    }

    private func engine(of administrator: Administrator) throws(DeployError) -> any ApplicationDatabase {
        let bySocket = administrator.socket != nil || !administrator.hasPassword
        guard isLocal || !bySocket else {
            throw DeployError(
                .invalidDefinition, what: "The administrator of \(database.host ?? "") has no password here",
                why: "a server on another machine is reached with one; nothing was changed",
                next: "export \(Self.passwordVariable), or give its administrator the lines of "
                    + "deployctl database prepare \(environment.name) --print")
        }
        var asked = environment
        asked.database?.admin = Environment.Database.Admin(
            user: administrator.user ?? database.engine.defaultAdmin,
            password: administrator.hasPassword ? .environment(Self.passwordVariable) : nil)
        if bySocket { asked.database?.host = administrator.socket ?? database.engine.defaultSocket }
        let account = bySocket && !administrator.hasPassword ? database.engine.administratorAccount : nil
        return deployer.ports.databases.engine(
            for: Layout(project: layout.project, environment: asked), as: account)
    }
}

extension Environment.Database.Engine {
    /// Where the distribution puts the server's socket, or its folder.
    fileprivate var defaultSocket: String {
        self == .postgresql ? "/var/run/postgresql" : "/run/mysqld/mysqld.sock"
    }

    /// The account of this machine that the server lets in as its administrator.
    fileprivate var administratorAccount: String { self == .postgresql ? "postgres" : "root" }
}

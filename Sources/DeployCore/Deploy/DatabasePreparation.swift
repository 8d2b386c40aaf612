/// Makes role, database and rights of an environment on its server, by an administrator's account.
///
/// First it is looked at what is there: an account is the environment's own where its secret opens it, and nothing is
/// changed, not even a secret made, before all that is there was seen to be its own.
public struct DatabasePreparation: Sendable {
    private let deployer: Deployer
    private let environment: Environment

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
            .invalidDefinition, what: "No database can be prepared for \(name)", why: why,
            next: "deployctl validate")
    }

    private static func obstacle(_ environment: Environment) -> String? {
        guard let database = environment.database else { return "its definition has no database" }
        if database.engine == .sqlite { return "its database is a file, which the first deployment makes" }
        if let service = database.service {
            return "its server is the service \(service), whose image makes account and database"
        }
        guard let user = database.user, database.name != nil else {
            return "its definition names no database.user or no database.name"
        }
        if let admin = database.admin, admin.user.utf8.elementsEqual(user.utf8) {
            return "database.admin is database.user itself; leave database.admin out"
        }
        // There an account without a password is everybody's.
        guard database.engine == .mysql else { return nil }
        if database.password == nil { return "its definition names no database.password" }
        let isServers = database.admin.map { $0.user.utf8.elementsEqual(database.engine.defaultAdmin.utf8) }
        return database.admin?.password == nil && isServers == false
            ? "its definition names no database.admin.password" : nil
    }

    /// What an administrator types to have the same; nothing is looked up or changed.
    public func statements() -> [String] { own.preparation(of: accounts) }

    /// - Throws: `.stepFailed` where the server refuses, something there is not the environment's own, or the account does
    ///   not get its database afterwards; `.invalidDefinition` for a name that is too long for the server.
    public func carryOut(as administrator: DatabaseAdministrator) throws(DeployError) -> Result {
        try deployer.exclusively(in: environment.name, for: "deployctl database prepare") {
            () throws(DeployError) in
            if missingSecrets(of: accounts.all.map(\.role)).isEmpty, try complaint() == nil {
                return Result()
            }
            let engine = try deployer.ports.databases.engine(of: administrator, for: layout)
            var accounts = try proved(by: engine)
            try engine.refuseForeign(accounts)
            var result = Result()
            let absent = accounts.all.filter { $0.account.proved == nil }.map(\.role)
            for name in missingSecrets(of: absent) {
                try make(name)
                result.made.append(name)
            }
            for role in absent {
                let password = try secret(of: role)
                accounts.change(role) { $0.password = password }
            }
            let entry = deployer.audit.entry(.prepare, in: environment.name, on: accounts.database)
            result.done = try deployer.audit.around(entry) { () throws(DeployError) in
                do throws(DeployError) { return try engine.prepare(accounts) } catch {
                    guard error.code == .stepFailed, !result.made.isEmpty else { throw error }
                    let made = result.made.map { "made here: \($0)" }.joined(separator: "\n")
                    throw DeployError(
                        error.code, what: error.what, why: "\(error.why)\n\(made)", next: error.next)
                }
            }
            try demandDatabase(after: result.done)
            return result
        }
    }
}

extension DatabasePreparation {
    private var database: Environment.Database { environment.database ?? .init(engine: .sqlite) }
    private var layout: Layout { deployer.workspace.site(environment).layout }
    private var own: any ApplicationDatabase { deployer.ports.databases.engine(for: layout) }

    /// By their names alone; the definition's administrator is to be made unless it is the server's own.
    private var accounts: DatabaseAccounts {
        let admin = database.admin?.user
        let isServers = admin.map { $0.utf8.elementsEqual(database.engine.defaultAdmin.utf8) } ?? true
        return DatabaseAccounts(
            database: database.name ?? "", application: database.user ?? "", admin: isServers ? nil : admin,
            areLocal: database.isOnThisMachine)
    }

    /// The accounts, and which of them are there and are this environment's.
    private func proved(by engine: any ApplicationDatabase) throws(DeployError) -> DatabaseAccounts {
        var accounts = accounts
        let present: Set<DatabaseAccounts.Role>
        do throws(DeployError) { present = try engine.present(of: accounts) } catch {
            guard error.code == .stepFailed else { throw error }
            throw error.recast(as: error.code, next: "\(error.next); or \(byHand)")
        }
        for (role, account) in accounts.all where present.contains(role) {
            guard missingSecrets(of: [role]).isEmpty, source(of: role) != nil else {
                throw foreign(account, role, "this environment has no password of it")
            }
            let name: String?
            do throws(DeployError) { name = try own.proof(of: role) } catch {
                guard error.code == .stepFailed else { throw error }
                throw foreign(account, role, error.why)
            }
            guard let name else {
                throw foreign(account, role, "the server lets it in with any password, which proves nothing")
            }
            accounts.change(role) { $0.proved = name }
        }
        return accounts
    }

    private func foreign(
        _ account: DatabaseAccounts.Account, _ role: DatabaseAccounts.Role, _ why: String
    ) -> DeployError {
        DeployError(
            .stepFailed,
            what: "\(Shown.text(account.name)) is on the server already, and may be somebody else's",
            why: "\(why); nothing was changed",
            next:
                "where it is this project's, deployctl secret set \(environment.name) \(secretName(of: role)) "
                + "with the password that the server knows; otherwise let \(role == .admin ? "database.admin" : "database").user "
                + "name another; or \(byHand)"
        )
    }

    private var byHand: String {
        "give the server's administrator the lines of deployctl database prepare \(environment.name) --print"
    }

    private func source(of role: DatabaseAccounts.Role) -> SecretSource? {
        role == .admin ? database.admin?.password : database.password
    }

    private func secretName(of role: DatabaseAccounts.Role) -> String {
        role == .admin ? "database.admin.password" : "database.password"
    }

    private func secret(of role: DatabaseAccounts.Role) throws(DeployError) -> Secret? {
        guard let source = source(of: role) else { return nil }
        return try deployer.ports.secrets.fetch(source, named: secretName(of: role))
    }

    /// Files that hold no value yet, by the name it is set by.
    private func missingSecrets(of roles: [DatabaseAccounts.Role]) -> [String] {
        roles.compactMap { role in
            guard case .file(let path)? = source(of: role),
                deployer.ports.files.kind(of: layout.absolute(path)) == nil
            else { return nil }
            return secretName(of: role)
        }
    }

    private func make(_ name: String) throws(DeployError) {
        let value = (0..<2).map { _ in RandomWord.make("") }.joined()
        _ = try Secrets(deployer, environment: environment.name).set(name, to: Array(value.utf8))
    }
}

extension DatabasePreparation {
    private func demandDatabase(after done: [String]) throws(DeployError) {
        guard let left = try complaint() else { return }
        throw DeployError(
            done.isEmpty ? .stepFailed : .needsPerson,
            what: "\(environment.name) does not get its database yet",
            why: (["\(left.what): \(left.why)"] + done.map { "done: \($0)" }).joined(separator: "\n"),
            next: left.next)
    }

    /// What the account of the definition lacks, as it logs in itself; nil where it was seen to have all.
    private func complaint() throws(DeployError) -> DeployError? {
        guard let live = layout.database(.live) else { return nil }
        let engine = deployer.ports.databases.engine(for: layout, within: .seconds(20))
        switch try engine.reach(live) {
        case .there: break
        case .missing:
            return DeployError(
                .stepFailed, what: "There is no database \(live.name)",
                why: "the server knows none of that name",
                next: "deployctl database prepare \(environment.name)")
        case .denied(let error): return error
        }
        if let lack = try engine.lacks(for: live).first {
            return DeployError(
                .stepFailed, what: "\(environment.name) lacks rights on its server", why: lack.measured,
                next: lack.next)
        }
        guard let greeting = try engine.greeting(live) else { return nil }
        return greeting.complaint(deployer.ports.commands.run(greeting.request))
    }
}

/// Makes accounts, rights and databases on a server, as its administrator, and touches nothing of anybody else's.
public protocol DatabasePreparing: Sendable {
    /// What an administrator types, in order; passwords are left to who types it.
    func preparation(of accounts: DatabaseAccounts) -> [String]
    /// Which of these accounts the server has, whosever they are; asked as the administrator.
    ///
    /// - Throws: `.invalidDefinition` for a name that is too long for the server.
    func present(of accounts: DatabaseAccounts) throws(DeployError) -> Set<DatabaseAccounts.Role>
    /// The account's whole name on the server, where the definition's password opens it and another does not; nil where
    /// the server lets it in with any.
    ///
    /// Asked the way the application comes. A failed login is made on purpose.
    ///
    /// - Throws: `.stepFailed` where the server does not let it in.
    func proof(of role: DatabaseAccounts.Role) throws(DeployError) -> String?
    /// Refuses what ``prepare(_:)`` would refuse; nothing is changed.
    ///
    /// - Throws: `.stepFailed` where a database of that name is somebody else's.
    func refuseForeign(_ accounts: DatabaseAccounts) throws(DeployError)
    /// Makes what is missing; what was done, without passwords, empty where nothing was.
    ///
    /// - Throws: `.stepFailed` where the server refuses, or a database of that name is somebody else's.
    func prepare(_ accounts: DatabaseAccounts) throws(DeployError) -> [String]
}

/// Whom an environment's definition names on its database server.
public struct DatabaseAccounts: Sendable {
    public enum Role: String, CaseIterable, Sendable {
        case application
        /// Who makes databases in the application's place.
        case admin
    }

    public struct Account: Sendable {
        public let name: String
        /// nil: the server asks for none, or it is not needed.
        public var password: Secret?
        /// Its whole name on the server, where it was there and was seen to be this environment's; nil: it is to be made.
        public var proved: String?

        init(name: String) { self.name = name }
    }

    public let database: String
    public var application: Account
    /// nil where the application's own account makes databases, or the server's administrator does.
    public var admin: Account?
    /// Whether they come from the machine the server runs on.
    public let areLocal: Bool

    init(database: String, application: String, admin: String?, areLocal: Bool) {
        (self.database, self.areLocal) = (database, areLocal)
        self.application = Account(name: application)
        self.admin = admin.map { Account(name: $0) }
    }

    /// Those that are to be there, with their parts; the application's first.
    public var all: [(role: Role, account: Account)] {
        [(.application, application)] + (admin.map { [(.admin, $0)] } ?? [])
    }

    mutating func change(_ role: Role, _ change: (inout Account) -> Void) {
        switch role {
        case .application: change(&application)
        case .admin:
            guard var account = admin else { return }
            change(&account)
            admin = account
        }
    }
}

/// For an engine without accounts.
extension DatabasePreparing {
    public func preparation(of accounts: DatabaseAccounts) -> [String] { [] }
    public func present(of accounts: DatabaseAccounts) throws(DeployError) -> Set<DatabaseAccounts.Role> {
        []
    }
    public func proof(of role: DatabaseAccounts.Role) throws(DeployError) -> String? { nil }
    public func refuseForeign(_ accounts: DatabaseAccounts) throws(DeployError) {}
    public func prepare(_ accounts: DatabaseAccounts) throws(DeployError) -> [String] { [] }
}

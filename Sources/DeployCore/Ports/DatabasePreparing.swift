/// Makes accounts, rights and databases on a server, as its administrator.
public protocol DatabasePreparing: Sendable {
    /// What an administrator types, in order; passwords are left to who types it.
    func preparation(of accounts: DatabaseAccounts) -> [String]
    /// Makes what is missing; what was done, without passwords, empty where nothing was.
    ///
    /// - Throws: `.stepFailed` where the server refuses, or a database of that name is somebody else's.
    func prepare(_ accounts: DatabaseAccounts) throws(DeployError) -> [String]
}

/// Whom an environment's definition names on its database server.
public struct DatabaseAccounts: Sendable {
    public struct Account: Sendable {
        public let name: String
        /// nil: the server asks for none, or it is not needed.
        public let password: Secret?

        init(name: String, password: Secret?) { (self.name, self.password) = (name, password) }
    }

    public let database: String
    public let application: Account
    /// Who makes databases in the application's place; nil where the application's own account does, or it is the server's
    /// administrator.
    public let admin: Account?
    /// Whether they come from the machine the server runs on.
    public let areLocal: Bool

    init(database: String, application: Account, admin: Account?, areLocal: Bool) {
        (self.database, self.application, self.admin, self.areLocal) = (
            database, application, admin, areLocal
        )
    }
}

/// For an engine without accounts.
extension DatabasePreparing {
    public func preparation(of accounts: DatabaseAccounts) -> [String] { [] }
    public func prepare(_ accounts: DatabaseAccounts) throws(DeployError) -> [String] { [] }
}

/// How an administrator comes to a database server.
public struct DatabaseAdministrator: Sendable {
    /// On the server; nil: the engine's own, postgres or root.
    public let user: String?
    /// The server's socket, or the folder that holds it; nil: where the distribution puts it.
    public let socket: String?
    /// Whether ``passwordVariable`` is set: the server is reached as the application reaches it.
    public let hasPassword: Bool

    /// The variable that holds the password, where one is asked for.
    public static let passwordVariable = "DEPLOYCTL_DB_ADMIN_PASSWORD"

    public init(user: String?, socket: String?, hasPassword: Bool) {
        (self.user, self.socket, self.hasPassword) = (user, socket, hasPassword)
    }
}

extension DatabaseEngines {
    /// The engine as that administrator uses it.
    ///
    /// - Throws: `.invalidDefinition` for a server of another machine without a password.
    func engine(
        of administrator: DatabaseAdministrator, for layout: Layout
    ) throws(DeployError) -> any ApplicationDatabase {
        var asked = layout.environment
        guard let database = asked.database else { return engine(for: layout) }
        let bySocket = administrator.socket != nil || !administrator.hasPassword
        guard database.isOnThisMachine || !bySocket else {
            throw DeployError(
                .invalidDefinition, what: "The administrator of \(database.host ?? "") has no password here",
                why: "a server on another machine is reached with one; nothing was changed",
                next:
                    "export \(DatabaseAdministrator.passwordVariable), or give its administrator the lines of "
                    + "deployctl database prepare \(asked.name) --print")
        }
        asked.database?.admin = Environment.Database.Admin(
            user: administrator.user ?? database.engine.defaultAdmin,
            password: administrator.hasPassword
                ? .environment(DatabaseAdministrator.passwordVariable) : nil)
        if bySocket { asked.database?.host = administrator.socket ?? database.engine.defaultSocket }
        let account = bySocket && !administrator.hasPassword ? database.engine.administratorAccount : nil
        return engine(for: Layout(project: layout.project, environment: asked), as: account)
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

extension Environment {
    /// Under these names the database's passwords reach those who need them.
    public enum DatabaseSecret {
        /// The application's own.
        public static let password = "DATABASE_PASSWORD"
        /// Never given to an application.
        public static let admin = "DATABASE_ADMIN_PASSWORD"
        /// The whole address, password included.
        public static let url = "DATABASE_URL"
    }

    /// Every secret a run needs, the database's passwords included.
    var allSecrets: [String: SecretSource] {
        var all = secrets
        all[DatabaseSecret.password] = database?.password
        all[DatabaseSecret.admin] = database?.admin?.password
        return all
    }

    /// Where the database's server listens on this machine; nil for a file.
    public var databasePort: Int? {
        guard let database, database.engine != .sqlite else { return nil }
        return database.port ?? database.service.flatMap { ports[$0] } ?? database.engine.defaultPort
    }
}

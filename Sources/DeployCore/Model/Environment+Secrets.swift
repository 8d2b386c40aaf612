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

    /// Under a name that no secret of a definition can have.
    enum FrontSecret {
        /// The edge's alone.
        static let password = "front.password"
    }

    /// Every secret a run needs, those of the database and the front and linked files included.
    var allSecrets: [String: SecretSource] {
        var all = secrets
        all[DatabaseSecret.password] = reachedDatabase?.password
        all[DatabaseSecret.admin] = database?.admin?.password
        all[FrontSecret.password] = front.password
        for (path, source) in linkedFiles { all[Self.linkedFileName(path)] = .file(source) }
        return all
    }

    /// Secrets of which no two environments may have the same value, by what they are called where that is shared on
    /// purpose: those of the definition and linked files by their names, the database's passwords by their keys.
    public var secretsToCompare: [String: SecretSource] {
        var all = secrets.merging(linkedSecrets, uniquingKeysWith: { $1 })
        all["database.password"] = reachedDatabase?.password
        all["database.admin.password"] = database?.admin?.password
        return all
    }

    /// Every secret that people set, by the name it is set by: one of the definition, the key of a password, the path of a linked
    /// file, or `notify`, a route's name and its key there.
    public var secretsToSet: [String: SecretSource] {
        var all = secretsToCompare
        all[FrontSecret.password] = front.password
        for route in routes {
            for (key, source) in route.secrets { all["notify.\(route.name).\(key)"] = source }
        }
        return all
    }

    /// Where the database's server listens on this machine; nil for a file.
    public var databasePort: Int? {
        guard let database = reachedDatabase, database.engine != .sqlite else { return nil }
        return database.port ?? database.service.flatMap { ports[$0] } ?? database.engine.defaultPort
    }

    /// Paths of the files that nobody else may have, relative to the project where they are not absolute, in order.
    var secretFiles: [String] {
        let sources = (Array(allSecrets.values) + routes.flatMap(\.secrets.values)).compactMap { source in
            if case .file(let path) = source { path } else { nil }
        }
        return Set(sources + [tls?.key, backup.encryption?.identity].compactMap(\.self)).sorted()
    }
}

import DeployCore

/// The engines this build knows, by the definition's word.
public struct ApplicationDatabases: DatabaseEngines {
    private let commands: ProcessCommandRunner
    private let secrets: any SecretStore
    private let files: any FileStore
    private let clients: KnownClients

    public init(commands: ProcessCommandRunner, secrets: any SecretStore, files: any FileStore) {
        self.commands = commands
        self.secrets = secrets
        self.files = files
        clients = KnownClients(commands: commands)
    }

    public func engine(for layout: Layout, within limit: Duration?) -> any ApplicationDatabase {
        engine(for: layout, by: limit.map(commands.limited(to:)) ?? commands, within: limit)
    }

    public func engine(for layout: Layout, as account: String?) -> any ApplicationDatabase {
        engine(for: layout, by: account.map(commands.becoming) ?? commands, within: nil)
    }

    private func engine(
        for layout: Layout, by commands: ProcessCommandRunner, within limit: Duration?
    ) -> any ApplicationDatabase {
        let access = ServerAccess(
            layout, clients: clients.of(layout), commands: commands, secrets: secrets, files: files)
        return switch layout.environment.database?.engine {
        case .mysql: MySQLApplicationDatabase(access)
        case .postgresql: PostgreSQLApplicationDatabase(access)
        case .sqlite, nil: SQLiteApplicationDatabase(commands: commands, migrationDeadline: limit)
        }
    }
}

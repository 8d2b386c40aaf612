import DeployCore

/// What a server's adapter works with: an environment, where its clients run, and who they are there.
public struct ServerAccess: Sendable {
    /// As whom the server is reached.
    enum Role { case admin, application }

    let layout: Layout
    let clients: ServerClients
    let commands: ProcessCommandRunner
    let secrets: any SecretStore
    let files: any FileStore

    /// `clients` are those another adapter of the environment has found already.
    public init(
        _ layout: Layout, clients: ServerClients? = nil, commands: ProcessCommandRunner,
        secrets: any SecretStore, files: any FileStore
    ) {
        self.layout = layout
        self.clients = clients ?? ServerClients(layout: layout, commands: commands)
        self.commands = commands
        self.secrets = secrets
        self.files = files
    }

    var definition: Environment.Database? { layout.environment.database }

    /// The user's name; nil where the definition leaves it to the client.
    func user(_ role: Role = .admin) -> String? { admin(role)?.user ?? definition?.user }

    /// The user's password and the name of its secret; nil where it has none.
    func password(_ role: Role = .admin) throws(DeployError) -> (secret: Secret, name: String)? {
        let admin = admin(role)
        guard let source = admin.map(\.password) ?? definition?.password else { return nil }
        let name = admin == nil ? Environment.DatabaseSecret.password : Environment.DatabaseSecret.admin
        return (try secrets.fetch(source, named: name), name)
    }

    private func admin(_ role: Role) -> Environment.Database.Admin? {
        role == .admin ? definition?.admin : nil
    }
}

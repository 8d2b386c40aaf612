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

    /// Whether a release was started there and not stopped.
    var serves: Bool { files.linkTarget(layout.currentInstance) != nil }

    /// The user's name; nil where the definition leaves it to the client.
    func user(_ role: Role = .admin) -> String? { admin(role)?.user ?? definition?.user }

    /// The user's password and the name of its secret; nil where it has none.
    func password(_ role: Role = .admin) throws(DeployError) -> (secret: Secret, name: String)? {
        guard let source = admin(role).map(\.password) ?? definition?.password else { return nil }
        let name = secretName(role)
        return (try secrets.fetch(source, named: name), name)
    }

    /// The name under which the password is known.
    func secretName(_ role: Role = .admin) -> String {
        admin(role) == nil ? Environment.DatabaseSecret.password : Environment.DatabaseSecret.admin
    }

    /// What looking for a database finds out; `denials` are the server's words for who is not let in.
    func reach(
        knowing denials: [String], _ isThere: () throws(DeployError) -> Bool
    ) throws(DeployError) -> DatabaseReach {
        do throws(DeployError) { return try isThere() ? .there : .missing } catch {
            if clients.neverStarted { return .missing }
            if denials.contains(where: { error.why.holds($0) }) { return .denied(error) }
            throw error
        }
    }

    private func admin(_ role: Role) -> Environment.Database.Admin? {
        role == .admin ? definition?.admin : nil
    }
}

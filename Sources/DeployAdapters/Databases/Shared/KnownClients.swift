import DeployCore
import Synchronization

/// One `ServerClients` for each environment, so that the engine is asked once for each.
final class KnownClients: Sendable {
    private let known = Mutex<[Layout: ServerClients]>([:])
    private let commands: any CommandRunner

    init(commands: any CommandRunner) { self.commands = commands }

    func of(_ layout: Layout) -> ServerClients {
        known.withLock { known in
            if let clients = known[layout] { return clients }
            let clients = ServerClients(layout: layout, commands: commands)
            known[layout] = clients
            return clients
        }
    }
}

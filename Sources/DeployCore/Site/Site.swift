/// One environment on this machine: where everything of it lies, and the world it is reached through.
public struct Site: Sendable {
    public let ports: Ports
    public let layout: Layout

    init(ports: Ports, layout: Layout) {
        self.ports = ports
        self.layout = layout
    }

    /// Its definition, as far as it is decided.
    public var environment: Environment { layout.environment }

    var workspace: Workspace { Workspace(ports: ports, project: layout.project) }

    /// What is known of its instances.
    var records: InstanceRecords { InstanceRecords(files: ports.files, layout: layout) }

    /// What puts data in the place of what is gone; nil without a backup.
    var wayToFill: String? {
        (try? ports.state.backups(of: environment.name))?.first { $0.verified != .no }.map {
            "deployctl backup restore \(environment.name) \($0.timestamp)"
        }
    }

    /// The log of one of its runs; nil where none lies on disk.
    public func runLog(of deployment: Timestamp) -> String? {
        let path = layout.runLog(deployment)
        return ports.files.kind(of: path) == .file ? path : nil
    }

    /// The engine of its database, reached the way its definition says.
    public var database: any ApplicationDatabase { ports.databases.engine(for: layout) }
}

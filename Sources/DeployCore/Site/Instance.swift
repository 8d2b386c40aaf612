import FoundationEssentials

/// One started set of a release's services, beside which another of the same release may run.
///
/// Named by the deployment that started it; `run/<id>/instance.json` is its record.
struct Instance: Hashable, Codable, Sendable {
    var id: String
    var release: Timestamp
    /// The database generation this instance is bound to.
    var database: DatabaseLocation?
    /// Set when this instance only passes reads on to another.
    var holds: String?
    /// Those that were started so far.
    var services: [RunningService] = []
    /// Its own nginx; nil where nothing stands in front.
    var front: ProcessIdentity?
}

extension Instance {
    /// What it was started as on this machine: its front, and its services but the named one.
    func processes(but service: String) -> [ProcessIdentity] {
        services.filter { $0.name != service }.compactMap(\.body.process) + [front].compactMap(\.self)
    }

    /// Where its services listen, by name.
    var addresses: [String: ServiceAddress] {
        Dictionary(
            services.compactMap { service in service.address.map { (service.name, $0) } },
            uniquingKeysWith: { $1 })
    }
}

/// One service of an instance, as started.
public struct RunningService: Hashable, Codable, Sendable {
    public var name: String
    public var body: ServiceBody
    /// Where it listens; nil for a worker.
    public var address: ServiceAddress?
    public var since: Date
    /// Whether somebody stopped it and left the others running; nil where nobody did.
    var rests: Bool?
    /// How it is asked to end, as its release's definition said when it was started; nil where its runtime knows that itself.
    var stop: Service.Stop?
    /// What it is limited with; nil where nothing limits it, and where its runtime knows that itself.
    var group: ResourceGroup?

    init(name: String, body: ServiceBody, address: ServiceAddress?, since: Date) {
        self.name = name
        self.body = body
        self.address = address
        self.since = since
    }
}

/// What a running service is to the machine.
public enum ServiceBody: Hashable, Codable, Sendable, CustomStringConvertible {
    case process(ProcessIdentity)
    /// A container, by its full id.
    case container(String)
    /// What the project's own tool runs.
    case handed(HandedService)
    /// A service of a swarm, by its full id.
    case swarm(String)

    public var description: String {
        switch self {
        case .process(let process): "process \(process.pid)"
        case .container(let id): "container \(id.prefix(12))"
        case .handed: "the project's own tool runs it"
        case .swarm(let id): "service \(id.prefix(12)) of the swarm"
        }
    }

    /// nil for anything else.
    var process: ProcessIdentity? { if case .process(let process) = self { process } else { nil } }
    /// A container's full id; nil for anything else.
    var container: String? { if case .container(let id) = self { id } else { nil } }
    /// nil for anything else.
    var handed: HandedService? { if case .handed(let service) = self { service } else { nil } }
    /// The full id of a service of a swarm; nil for anything else.
    var swarm: String? { if case .swarm(let id) = self { id } else { nil } }
}

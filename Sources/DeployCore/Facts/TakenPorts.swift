/// What others hold of the ports at which an environment is to be reached.
struct TakenPorts {
    let site: Site

    private var environment: Environment { site.environment }

    /// - Throws: `.gateRefused` naming who holds one, before anything was changed; `.stepFailed` where nobody can tell.
    func refuse() throws(DeployError) {
        let taken = try all()
        guard !taken.isEmpty else { return }
        throw DeployError(
            .gateRefused, what: "\(environment.name) cannot have its ports",
            why: taken.joined(separator: "\n"), next: Self.next(environment))
    }

    /// Each as a sentence without its full stop; empty where none is held by others.
    ///
    /// - Throws: `.stepFailed` where one is held and what holds it cannot be asked whether it is the environment's own.
    func all() throws(DeployError) -> [String] {
        let taken = held
        if !taken.isEmpty, let silence = environment.serviceRuntime.silence(at: site) { throw silence }
        return taken
    }

    private var held: [String] {
        let (edge, data) = (Set(environment.edgePorts), dataPorts)
        let published = environment.serviceRuntime.published(edge.union(data), at: site)
        return edge.union(data).sorted().compactMap { port in
            if let container = published[port] {
                return container.isOwn ? nil : "port \(port) is held by \(container.name)"
            }
            let host = edge.contains(port) ? "0.0.0.0" : "127.0.0.1"
            guard site.ports.processes.isTaken(port, on: host), !isOwnEdge(on: port) else { return nil }
            guard let owner = site.ports.processes.listener(onPort: port) else {
                return "port \(port) is held by a program of another account"
            }
            return isOwn(owner, port) ? nil : "port \(port) is held by \(site.ports.processes.named(owner))"
        }
    }

    static func next(_ environment: Environment) -> String {
        "stop that program, or change \"ports\" in environments/\(environment.name).json"
    }

    /// Where data services are published, which is on 127.0.0.1 only.
    private var dataPorts: Set<Int> {
        guard environment.serviceRuntime.runsData else { return [] }
        return Set(environment.dataServices.compactMap { environment.ports[$0.name] })
    }

    /// Whether the edge that serves now listens there, which is told without a look at every process.
    private func isOwnEdge(on port: Int) -> Bool {
        Nginx.master(in: site.layout.edge, site.ports).map {
            site.ports.processes.isListening($0, onPort: port)
        } ?? false
    }

    private func isOwn(_ owner: ProcessIdentity, _ port: Int) -> Bool {
        let (processes, records) = (site.ports.processes, site.records.all)
        let own = [site.layout.edge] + records.map(site.layout.instance)
        if own.contains(where: { processes.isMember(owner, ofInstance: $0) }) { return true }
        return records.compactMap(site.records.read).flatMap(\.services).contains {
            $0.runtime?.stranger(onPort: port, insteadOf: $0, on: site.ports) == nil
        }
    }
}

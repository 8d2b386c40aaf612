/// Checks that no other program listens where an environment is to be reached.
struct PortCheck {
    let site: Site

    /// nil for an environment without public ports.
    var finding: Finding? {
        let environment = site.environment
        guard !environment.ports.isEmpty else { return nil }
        let id = "\(environment.name) ports"
        let ports = Set(environment.ports.values).sorted()
        let taken = ports.compactMap { port in
            stranger(on: port).map { "port \(port) is held by \(site.ports.processes.named($0))" }
        }
        guard taken.isEmpty else {
            return Finding(
                id: id,
                verdict: .refused(
                    taken.joined(separator: "; "),
                    next: "stop that program, or change \"ports\" in environments/\(environment.name).json"))
        }
        let list = ports.map { "\($0)" }.joined(separator: ", ")
        return Finding(id: id, verdict: .passed("no other program holds \(list)"))
    }

    private func stranger(on port: Int) -> ProcessIdentity? {
        let processes = site.ports.processes
        guard let owner = processes.listener(onPort: port) else { return nil }
        let own = [site.layout.edge] + site.records.all.map(site.layout.instance)
        if own.contains(where: { processes.isMember(owner, ofInstance: $0) }) { return nil }
        let services = site.records.all.compactMap(site.records.read).flatMap(\.services)
        // Where services have networks of their own a program of the runtime listens for them.
        if !services.isEmpty, site.environment.serviceRuntime.isolates { return nil }
        let isOwn = services.contains {
            $0.runtime?.stranger(onPort: port, insteadOf: $0, on: site.ports) == nil
        }
        return isOwn ? nil : owner
    }
}

/// Whether visitors get from the lobby to an environment, and what keeps its names from it.
struct LobbyLook {
    let site: Site

    /// Whether nobody is at the ports by which the environment was let in.
    static func isMissing(at site: Site) -> Bool {
        guard let tenant = EdgeNames.present(site),
            let place = try? LobbyPlace(site.ports, http: tenant.http, https: tenant.https)
        else { return false }
        return Nginx.master(in: place.folder, site.ports) == nil
    }

    /// As a sentence without its full stop; nil where all is well, and where it has no names.
    var complaint: String? {
        guard let tenant = EdgeNames.present(site), let register = register(of: tenant) else { return nil }
        let names = tenant.hosts.joined(separator: ", ")
        if Self.isMissing(at: site) { return "the lobby does not run, which lets visitors of \(names) in" }
        if let why = register.leftOut[tenant.id] { return "the lobby leaves \(names) out: \(why)" }
        return register.present.contains { $0.id == tenant.id }
            ? nil : "the lobby does not know \(names): deployctl restart \(site.environment.name)"
    }

    /// What others have of the names and ports of the definition, each as a sentence without its full stop.
    var taken: [String] {
        guard let tenant = try? Tenant(site), let place = try? LobbyPlace(site) else { return [] }
        let ports = [tenant.http] + (tenant.certificate == nil ? [] : [tenant.https])
        return LobbyRegister(files: site.ports.files, place: place).conflicts(of: tenant)
            + ports.compactMap { held($0, place) }
    }

    /// - Throws: `.gateRefused` naming who has them, before anything was changed.
    func refuse() throws(DeployError) {
        guard let tenant = try Tenant(site) else { return }
        guard let place = try LobbyPlace(site) else { return }
        let longest = place.doors(of: tenant.id).secure
        guard longest.utf8.count <= Layout.socketPathLimit else {
            throw DeployError(
                .invalidDefinition, what: "The home folder's path is too long for unix sockets",
                why:
                    "\(longest) has \(longest.utf8.count) bytes, the kernel allows \(Layout.socketPathLimit)",
                next: "let an account with a shorter home run deployctl")
        }
        let taken = taken
        guard taken.isEmpty else { throw Lobby.refusal(tenant, taken) }
    }

    private func held(_ port: Int, _ place: LobbyPlace) -> String? {
        let processes = site.ports.processes
        guard processes.isTaken(port, on: "0.0.0.0") else { return nil }
        guard let owner = processes.listener(onPort: port) else {
            return "port \(port) is held by a program of another account"
        }
        return processes.isMember(owner, ofInstance: place.folder)
            ? nil : "port \(port) is held by \(processes.named(owner))"
    }

    private func register(of tenant: Tenant) -> LobbyRegister? {
        (try? LobbyPlace(site.ports, http: tenant.http, https: tenant.https)).map {
            LobbyRegister(files: site.ports.files, place: $0)
        }
    }
}

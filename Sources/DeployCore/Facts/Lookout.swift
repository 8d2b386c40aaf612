/// Looks at one environment: asks what serves there in a wave, and reads everything else until the answers are there.
final class Lookout {
    let facts: EnvironmentFacts
    private let site: Site
    private let serving: InstanceLookout?
    private var drift: [String] = []
    private var lacksEdge = false
    private let isForPeople: Bool
    private var strays: String?
    private var lobbyComplaint: String?
    private var maintenance: Maintenance?
    private var features: [Feature] = []
    private var care = Care()
    private var draining: [DrainingLook] = []
    private var certificate: CertificateLook?
    private var databaseComplaint: DeployError?
    private var fullDisk: String?

    /// `isForPeople`: also what is kept beside the code, and whether a server gives the application its database.
    init(_ workspace: Workspace, at facts: EnvironmentFacts, isForPeople: Bool = false) {
        self.isForPeople = isForPeople
        let site = workspace.site(facts.environment)
        self.facts = facts
        self.site = site
        serving = facts.serving.map { InstanceLookout(site, instance: $0.instance) }
    }

    func ask(in wave: inout ProbeWave) {
        serving?.askDoor(in: &wave)
        serving?.askServices(in: &wave)
        if isForPeople, facts.serving != nil { askDatabase(in: &wave) }
    }

    private func askDatabase(in wave: inout ProbeWave) {
        guard site.environment.database != nil, let live = site.layout.database(.live) else { return }
        do throws(DeployError) {
            let engine = site.ports.databases.engine(for: site.layout)
            guard let greeting = try engine.greeting(live) else { return }
            wave.ask(greeting.request) { [self] result in
                databaseComplaint = greeting.complaint(after: result).map(withWayBack)
            }
        } catch { databaseComplaint = withWayBack(error) }
    }

    /// One that is gone comes back as whatever else would say so says.
    private func withWayBack(_ error: DeployError) -> DeployError {
        if let lost = site.environment.serviceRuntime.lostData(at: site) {
            return error.recast(as: error.code, next: lost.next)
        }
        guard facts.database == nil else { return error }
        let name = site.environment.name
        guard site.environment.database?.fresh != true else {
            return error.recast(as: error.code, next: "deployctl \(name)")
        }
        do throws(DeployError) {
            try facts.refuseLost(backups: try site.ports.state.backups(of: name))
            return error
        } catch let loss { return error.recast(as: error.code, next: loss.next) }
    }

    /// What can be seen without the wave's answers.
    func lookMeanwhile() {
        drift = Drift(site).found(by: facts)
        draining = DrainingLook.all(at: site)
        serving?.countRunning()
        if isForPeople {
            strays = ServingStrays(site: site).warning
            fullDisk = FullDisks(site: site).sentence
        }
        if let serving = facts.serving { lookAfter(serving) }
        certificate = CertificateLook(site)
        lacksEdge =
            facts.environment.runtime.strategy == .blueGreen
            && Nginx.master(in: site.layout.edge, site.ports) == nil
        lobbyComplaint = LobbyLook(site: site).complaint
        maintenance = MaintenancePlace(layout: site.layout).present(site.ports.files)
        features = (try? FeaturePlace(site: site).all()) ?? []
    }

    private func lookAfter(_ serving: Serving) {
        care = site.care(of: serving.instance)
        let services = site.records.read(serving.instance)?.services ?? []
        let counted = facts.environment.serviceRuntime.care(
            of: services, at: site.ports.clock.now(), on: site.ports)
        care.services.merge(counted) { kept, _ in kept }
    }

    /// What keeps the application out as well is told with that.
    private var unread: [String] {
        guard let unreadable = facts.unreadable, unreadable.why != databaseComplaint?.why else { return [] }
        return ["the database cannot be read: \(unreadable.why)"]
    }

    /// Whether all that is wrong is that nobody else is let in, which the application may well bear.
    private var isCrowdOnly: Bool {
        guard let databaseComplaint, DatabaseGreeting.isCrowd(databaseComplaint) else { return false }
        return serving?.look.answers.values.allSatisfy { $0 == .good } ?? true
    }

    /// Complete once the wave has run.
    var look: EnvironmentLook {
        EnvironmentLook(
            facts: facts, instance: serving?.look, drift: drift + unread, lacksEdge: lacksEdge,
            lobbyComplaint: lobbyComplaint, maintenance: maintenance, features: features,
            care: care, draining: draining, strays: strays,
            certificate: certificate, databaseComplaint: isCrowdOnly ? nil : databaseComplaint,
            fullDisk: fullDisk,
            at: site.ports.clock.now())
    }
}

extension [Lookout] {
    /// All of them at once.
    func look(asking commands: any CommandRunner) {
        var wave = ProbeWave()
        for lookout in self { lookout.ask(in: &wave) }
        wave.run(on: commands) { for lookout in self { lookout.lookMeanwhile() } }
    }
}

extension EnvironmentFacts {
    /// Looks at the environment now.
    func look(in workspace: Workspace) -> EnvironmentLook {
        let lookout = Lookout(workspace, at: self)
        [lookout].look(asking: workspace.ports.commands)
        return lookout.look
    }
}

/// Looks at one environment: asks what serves there in a wave, and reads everything else until the answers are there.
final class Lookout {
    let facts: EnvironmentFacts
    private let site: Site
    private let serving: InstanceLookout?
    private var drift: [String] = []
    private var lacksEdge = false
    private let showsStrays: Bool
    private var strays: String?
    private var lobbyComplaint: String?
    private var maintenance: Maintenance?
    private var care = Care()
    private var certificate: CertificateLook?

    /// `showsStrays`: also what is kept beside the code, for people.
    init(_ workspace: Workspace, at facts: EnvironmentFacts, showsStrays: Bool = false) {
        self.showsStrays = showsStrays
        let site = workspace.site(facts.environment)
        self.facts = facts
        self.site = site
        serving = facts.serving.map { InstanceLookout(site, instance: $0.instance) }
    }

    func ask(in wave: inout ProbeWave) {
        serving?.askDoor(in: &wave)
        serving?.askServices(in: &wave)
    }

    /// What can be seen without the wave's answers.
    func lookMeanwhile() {
        drift = Drift(site).found(by: facts)
        serving?.countRunning()
        if showsStrays { strays = ServingStrays(site: site).warning }
        if let serving = facts.serving { lookAfter(serving) }
        certificate = CertificateLook(site)
        lacksEdge =
            facts.environment.runtime.strategy == .blueGreen
            && Nginx.master(in: site.layout.edge, site.ports) == nil
        lobbyComplaint = LobbyLook(site: site).complaint
        maintenance = MaintenancePlace(layout: site.layout).present(site.ports.files)
    }

    private func lookAfter(_ serving: Serving) {
        care = site.care(of: serving.instance)
        let services = site.records.read(serving.instance)?.services ?? []
        let counted = facts.environment.serviceRuntime.care(
            of: services, at: site.ports.clock.now(), on: site.ports)
        care.services.merge(counted) { kept, _ in kept }
    }

    /// Complete once the wave has run.
    var look: EnvironmentLook {
        EnvironmentLook(
            facts: facts, instance: serving?.look, drift: drift, lacksEdge: lacksEdge,
            lobbyComplaint: lobbyComplaint, maintenance: maintenance, care: care, strays: strays,
            certificate: certificate,
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

/// Looks at one environment: asks what serves there in a wave, and reads everything else until the answers are there.
final class Lookout {
    let facts: EnvironmentFacts
    private let site: Site
    private let serving: InstanceLookout?
    private var drift: [String] = []
    private var lacksEdge = false
    private var certificate: CertificateLook?

    init(_ workspace: Workspace, at facts: EnvironmentFacts) {
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
        certificate = CertificateLook(site)
        lacksEdge =
            facts.environment.runtime.strategy == .blueGreen
            && Nginx.master(in: site.layout.edge, site.ports) == nil
    }

    /// Complete once the wave has run.
    var look: EnvironmentLook {
        EnvironmentLook(
            facts: facts, instance: serving?.look, drift: drift, lacksEdge: lacksEdge,
            care: facts.serving.map { site.care(of: $0.instance) } ?? Care(), certificate: certificate,
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

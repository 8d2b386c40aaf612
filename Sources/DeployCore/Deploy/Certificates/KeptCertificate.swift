import FoundationEssentials

/// Looks after the certificate of one environment: takes up one that was replaced, has one renewed that is due.
final class KeptCertificate {
    private let workspace: Workspace
    private let definitions: DefinitionLoader
    private let origin: Origin
    private var compared = Date.distantPast
    private var judged = Date.distantPast

    private let program: String

    /// `program`: absolute path of deployctl.
    init(_ workspace: Workspace, definitions: DefinitionLoader, origin: Origin, program: String) {
        (self.workspace, self.definitions, self.origin) = (workspace, definitions, origin)
        self.program = program
    }

    private var ports: Ports { workspace.ports }

    /// How often, in seconds, what lies there is compared with what is served.
    private static let pause = 2.0
    /// How often, in seconds, one looks whether it is due.
    private static let judgement = 600.0

    /// Does what has to be done now, while no run changes the environment.
    func look(at site: Site, telling tell: (KeeperEvent) -> Void) throws(DeployError) {
        let now = ports.clock.now()
        guard site.environment.tls != nil, hasPassed(Self.pause, since: compared, at: now),
            EnvironmentLock(workspace).holder(of: site.environment.name) == nil
        else { return }
        compared = now
        try takeUp(at: site, tell)
        guard hasPassed(Self.judgement, since: judged, at: now) else { return }
        judged = now
        try renew(site, at: now)
    }

    private func hasPassed(_ seconds: Double, since last: Date, at now: Date) -> Bool {
        now < last || now.timeIntervalSince(last) >= seconds
    }

    /// Of two files one is replaced before the other.
    private func takeUp(at site: Site, _ tell: (KeeperEvent) -> Void) throws(DeployError) {
        let serving = CertificateServing(context: StepContext(servingCertificateOf: site, origin: origin))
        guard serving.isBehind, let found = try? serving.present(), try serving.takeUp() else { return }
        tell(.certificate(environment: site.environment.name, until: UTC.rfc3339(found.until)))
    }

    /// By a process of its own, because authorities take their time; what it brings is taken up by itself.
    private func renew(_ site: Site, at now: Date) throws(DeployError) {
        guard site.certificateIsDue else { return }
        if let pause = site.certificateAttempts.pause(byPerson: false, at: now), pause > now { return }
        let words = ["--project", workspace.project, "--environments", definitions.folder]
        let launch = ServiceLaunch(
            command: Command(program, words + ["certificate", "renew", site.environment.name]),
            directory: workspace.project, environment: [:], log: "\(site.layout.toolLogs)/certificate.log")
        _ = try ports.processes.start(launch)
    }
}

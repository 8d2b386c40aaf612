import FoundationEssentials

/// Keeps what the environments of one project serve running, as long as it runs itself.
public struct Keeper: Sendable {
    private let workspace: Workspace
    private let definitions: DefinitionLoader
    private let origin: Origin
    private let program: String

    /// `program`: absolute path of deployctl, for what schedules run.
    public init(_ workspace: Workspace, definitions: DefinitionLoader, origin: Origin, program: String) {
        (self.workspace, self.definitions, self.origin) = (workspace, definitions, origin)
        self.program = program
    }

    private var ports: Ports { workspace.ports }

    /// How often it looks at what it keeps.
    private static let pause = Duration.milliseconds(200)
    /// How often it looks for environments that are new.
    private static let renewal = 5.0

    /// Who keeps the project now; nil while nobody does.
    var present: String? { KeeperPresence(files: ports.files, project: workspace.project).holder }

    /// Looks after everything until it is asked to stop, or the project is gone.
    ///
    /// - Throws: `.locked` where another one does already, `.notFound` where there is no project.
    public func run(telling tell: (KeeperEvent) -> Void) throws(DeployError) -> ExitCode {
        guard isThere || ports.files.kind(of: definitions.folder) != nil else { throw nowhere() }
        try EnvironmentLock(workspace).makeToolFolder()
        guard let held = try ports.files.lock(Layout.keeper(workspace.project)) else {
            throw DeployError(
                .locked, what: "Another keeper looks after this project", why: present ?? "it has just begun",
                next: "deployctl boot status")
        }
        defer { withExtendedLifetime(held) {} }
        let since = UTC.rfc3339(ports.clock.now())
        var isOutdated = false
        held.describe(description(since: since, isOutdated))
        var kept: [EnvironmentKeeper] = []
        var renewed = Date.distantPast
        let notices = KeptNotices(workspace, definitions: definitions, program: program)
        while ports.interruption.requested() == nil {
            let now = ports.clock.now()
            if now.timeIntervalSince(renewed) >= Self.renewal || now < renewed {
                guard isThere else { return .done }
                boundLog()
                if wasReplaced != isOutdated {
                    isOutdated = wasReplaced
                    held.describe(description(since: since, isOutdated))
                }
                kept = renew(kept)
                renewed = now
            }
            for environment in kept {
                environment.look { event in
                    notices.hear(event)
                    tell(event)
                }
                environment.lookAtVisitors()
                environment.lookAtDraining(telling: tell)
                environment.lookAtCertificate(telling: tell)
                environment.lookAtForwarding(telling: tell)
                environment.lookAtLogs(telling: tell)
                environment.lookAtSchedules(telling: tell)
            }
            notices.look(at: kept.compactMap(\.environment), telling: tell)
            ports.clock.sleep(for: Self.pause)
        }
        ports.interruption.shield()
        if machineGoesDown { LastMoments(ports: ports).end(kept.flatMap(\.serving)) }
        return .done
    }

    /// Asks the keeper to end; what it keeps goes on.
    func end() {
        guard let number = present?.split(at: " ").dropFirst().first, let pid = Int32(number),
            let process = ports.processes.identity(of: pid)
        else { return }
        ports.processes.signal(process, .terminate)
    }

    private var machineGoesDown: Bool { SystemdCommands.machineGoesDown(ports.commands) }

    private var isThere: Bool { ports.files.kind(of: Layout.tool(workspace.project)) != nil }

    /// Who starts it again at once is kept waiting: its disk may be mounted later.
    private func nowhere() -> DeployError {
        if origin.trigger != .terminal { ports.clock.sleep(for: .seconds(10)) }
        return DeployError(
            .notFound, what: "There is nothing to keep running at \(workspace.project)",
            why: "the folder was moved or removed, or its disk is not mounted; nothing was made there",
            next: "bring it back, or type in its new place: deployctl boot install")
    }

    private func description(since: String, _ isOutdated: Bool) -> String {
        KeeperPresence.description(
            "\(ports.processes.lineage.first?.pid ?? 0)", since: since,
            isAlone: !origin.trigger.hasSomebody, isOutdated: isOutdated)
    }

    /// Whether another file, or none, lies where the one that runs lay.
    private var wasReplaced: Bool {
        ports.files.linkTarget("/proc/self/exe")?.ends(with: " (deleted)") == true
    }

    /// Its own, where no journal takes what it says.
    private static let logRules = Environment.LogRules(
        size: 1_000_000, every: .seconds(365 * 86_400), keepFor: .seconds(365 * 86_400), within: 4_000_000)

    private func boundLog() {
        let log = Layout.keeperLog(workspace.project)
        guard ports.files.size(of: log).map({ $0 >= Self.logRules.size }) == true else { return }
        try? LogRotation(
            rules: Self.logRules, files: ports.files, commands: ports.commands, clock: ports.clock
        ).turn([log])
    }

    private func renew(_ kept: [EnvironmentKeeper]) -> [EnvironmentKeeper] {
        let deployed = DeployedDefinitions(ports, written: definitions)
        let names = ((try? deployed.loadAll()) ?? []).map(\.name)
        return names.map { name in
            kept.first { $0.name == name }
                ?? EnvironmentKeeper(
                    workspace, deployed: deployed, origin: origin, name: name, program: program)
        }
    }
}

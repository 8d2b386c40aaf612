import FoundationEssentials

/// Keeps what one environment serves running.
///
/// The instance the traffic link names is kept, with its front and the edge; one that a run under way has started is
/// that run's own until it is over. What a run ends is ended under the turn that the keeper would have to take.
final class EnvironmentKeeper {
    let name: String
    private let workspace: Workspace
    private let deployed: DeployedDefinitions
    private let origin: Origin
    private var known: (instance: String, environment: Environment)?
    /// The instance whose services the machine was asked to keep.
    private var entrusted: String?
    /// What was said last and need not be said again for a while.
    private var said: (why: String, rest: Rest)?
    private var rest = Rest()
    /// When logs were last looked at for their age.
    private var logsSeen = Date.distantPast
    /// While it lasts they are left alone, because the last time failed.
    private var logsRest = Rest()
    /// While it lasts old releases are left alone, because one did not end.
    private var drainingRest = Rest()
    private let logPace = LogPace()
    /// While it lasts nobody says again what is given up of logs.
    private var floodRest = Rest()
    /// While it lasts the certificate is left alone, because the last time failed.
    private var certificateRest = Rest()
    /// How often logs are looked at that are not large, in seconds.
    private static let logPause = 600.0
    private let certificate: KeptCertificate

    private let schedules: ScheduleRunner
    private let rooms = KeptRooms()
    private let forwarding = KeptForwarding()

    init(
        _ workspace: Workspace, deployed: DeployedDefinitions, origin: Origin, name: String, program: String
    ) {
        (self.workspace, self.deployed, self.origin, self.name) = (workspace, deployed, origin, name)
        schedules = ScheduleRunner(
            workspace, environment: name, program: program, definitions: deployed.written.folder)
        certificate = KeptCertificate(
            workspace, definitions: deployed.written, origin: origin, program: program)
    }

    private var ports: Ports { workspace.ports }

    /// The definition it goes by; nil before it looked.
    var environment: Environment? { known?.environment }

    /// Starts what ended, where its time has come.
    func look(telling tell: (KeeperEvent) -> Void) {
        guard rest.isOver(at: ports.clock.now()) else { return }
        do throws(DeployError) {
            guard let site = try site(), let id = site.records.currentID else { return }
            let misses = missesSomething(site, id)
            guard misses || entrusted != id, !belongsToRun(id), let turn = try site.turn() else { return }
            defer { withExtendedLifetime(turn) {} }
            let instance = KeptInstance(site: site, id: id, name: name)
            if misses { try instance.revive(in: context(site, id), telling: tell) }
            if entrusted != id { try instance.entrust() }
            entrusted = id
        } catch {
            sayOnce(error, tell) { .failed(environment: name, what: "what serves", why: $0) }
        }
    }

    /// Ends old releases that have finished what they held.
    func lookAtDraining(telling tell: (KeeperEvent) -> Void) {
        guard drainingRest.isOver(at: ports.clock.now()) else { return }
        do throws(DeployError) {
            guard let site = try site() else { return }
            try KeptDraining(workspace: workspace, origin: origin).look(at: site, telling: tell)
        } catch {
            drainingRest.begin(60, at: ports.clock.now())
            sayOnce(error, tell) { .troubled(environment: name, why: $0) }
        }
    }

    /// Takes visitors in for services that are about to be there again.
    func lookAtVisitors() {
        guard let site = try? site() else { return }
        rooms.look(at: site, site.records.current)
    }

    /// Serves a certificate that was replaced, and has one renewed that is due.
    func lookAtCertificate(telling tell: (KeeperEvent) -> Void) {
        guard certificateRest.isOver(at: ports.clock.now()) else { return }
        do throws(DeployError) {
            guard let site = try site(), site.records.currentID != nil else { return }
            try certificate.look(at: site, telling: tell)
        } catch {
            certificateRest.begin(60, at: ports.clock.now())
            sayOnce(error, tell) { .troubled(environment: name, why: $0) }
        }
    }

    /// Hands on what is written to the logs, before anything is taken off them.
    func lookAtForwarding(telling tell: (KeeperEvent) -> Void) {
        do throws(DeployError) {
            guard let site = try site() else { return }
            try forwarding.look(at: site, telling: tell)
        } catch {
            sayOnce(error, tell) { .troubled(environment: name, why: $0) }
        }
    }

    /// Takes off what is too much of the logs.
    func lookAtLogs(telling tell: (KeeperEvent) -> Void) {
        guard logsRest.isOver(at: ports.clock.now()) else { return }
        do throws(DeployError) {
            guard let site = try site() else { return }
            let care = LogCare(site: site, definitions: deployed, pace: logPace)
            let now = ports.clock.now()
            guard care.isDue || now.timeIntervalSince(logsSeen) >= Self.logPause || now < logsSeen else {
                return
            }
            logsSeen = now
            try care.turn(pieces: 4)
            sayWhatIsGivenUp(tell, at: now)
        } catch {
            logsRest.begin(60, at: ports.clock.now())
            sayOnce(error, tell) { .troubled(environment: name, why: $0) }
        }
    }

    /// Once a minute.
    private func sayWhatIsGivenUp(_ tell: (KeeperEvent) -> Void, at now: Date) {
        guard !logPace.givenUp.isEmpty, floodRest.isOver(at: now) else { return }
        floodRest.begin(60, at: now)
        for (log, much) in logPace.givenUp.sorted(by: { $0.key < $1.key }) {
            tell(.flooded(environment: name, log: log, lines: much.lines, bytes: much.bytes))
        }
        logPace.givenUp = [:]
    }

    /// Starts what is due.
    func lookAtSchedules(telling tell: (KeeperEvent) -> Void) {
        do throws(DeployError) {
            guard let site = try site() else { return }
            try schedules.look(at: site, telling: tell)
        } catch {
            sayOnce(error, tell) { .troubled(environment: name, why: $0) }
        }
    }

    /// Once a minute, and the next look is a second away.
    private func sayOnce(
        _ error: DeployError, _ tell: (KeeperEvent) -> Void, as event: (String) -> KeeperEvent
    ) {
        let (why, now) = ("\(error.what): \(error.why)", ports.clock.now())
        rest.begin(1, at: now)
        if let said, said.why == why, !said.rest.isOver(at: now) { return }
        var silence = Rest()
        silence.begin(60, at: now)
        said = (why, silence)
        tell(event(why))
    }

    /// What serves as processes of this machine, each with the time it gets to finish; they come back with the machine.
    var serving: [(service: RunningService, limit: Duration)] {
        guard let site = (try? site()) ?? nil, let instance = site.records.current else { return [] }
        return ServiceRuntimes.grouped(instance.services)
            .filter { !$0.runtime.leaders(of: $0.services).isEmpty }.flatMap(\.services)
            .map { ($0, $0.stop?.timeout ?? site.environment.drain) }
    }

    /// The place of the definition that started what serves; nil while nothing does.
    private func site() throws(DeployError) -> Site? {
        let last = try present()
        guard let id = workspace.site(last).records.currentID else { return nil }
        if let known, known.instance == id { return workspace.site(known.environment) }
        let environment = try started(id)
        known = (id, environment)
        return workspace.site(environment)
    }

    private func present() throws(DeployError) -> Environment {
        if let known { return known.environment }
        return try deployed.load(name)
    }

    private func started(_ id: String) throws(DeployError) -> Environment {
        if let environment = try ports.state.definition(startedAs: id) { return environment }
        return try deployed.load(name)
    }

    private func missesSomething(_ site: Site, _ id: String) -> Bool {
        let instances = [id, site.records.current?.id].compactMap(\.self).compactMap(site.records.read)
        return instances.contains { instance in
            KeptInstance.misses(instance, at: site)
        } || KeptInstance.missesEdge(at: site) || Edge.isLeft(at: site) || LobbyLook.isMissing(at: site)
    }

    /// Whether a run under way is answerable for what serves.
    private func belongsToRun(_ id: String) -> Bool {
        guard EnvironmentLock(workspace).holder(of: name) != nil else { return false }
        guard let run = (try? ports.state.unfinished(in: name)) ?? nil else { return false }
        return "\(run.timestamp)" == id || run.kind == .stop
    }

    private func context(_ site: Site, _ id: String) throws(DeployError) -> StepContext {
        let timestamp = Timestamp(digits: id) ?? PlanNames.placeholder.deployment
        let plan = Plan(
            id: "keeper", timestamp: timestamp, kind: .start, environment: site.environment,
            release: site.records.read(id)?.release, commit: nil, previousRelease: nil, steps: [], loss: nil)
        return StepContext(
            workspace, plan: plan, origin: origin,
            secrets: try Run.fetch(for: .start, at: site))
    }
}

/// Says how environments stand.
public struct StatusCollector: Sendable {
    let workspace: Workspace
    let definitions: DefinitionLoader

    public init(_ workspace: Workspace, definitions: DefinitionLoader) {
        self.workspace = workspace
        self.definitions = definitions
    }

    private var ports: Ports { workspace.ports }

    /// So that looking again and again puts no load on what is looked at.
    private static let freshEnough = Duration.seconds(15)

    /// How often one looks again while a run is under way and what is seen may be between two of its steps.
    private static let looks = 5

    /// Looks at environments and judges the promotion to the first that is promoted to, all in one wave.
    ///
    /// What a run does while one looks is no drift, and no trouble as long as a release serves well.
    public func status(of environments: [Environment]) throws(DeployError) -> Status {
        for _ in 1..<Self.looks {
            let before = try motion(in: environments)
            let status = try statusNow(of: environments)
            if status.exitCode == .done { return status }
            if before.allSatisfy({ $0.run == nil }), try motion(in: environments) == before { return status }
            ports.clock.sleep(for: .milliseconds(100))
        }
        return try statusNow(of: environments)
    }

    /// Who changes each environment now, and the newest run that touched it with what became of it.
    private func motion(in environments: [Environment]) throws(DeployError) -> [Motion] {
        try environments.map { environment throws(DeployError) in
            let last = try ports.state
                .deployments(of: environment.name, kinds: Deployment.Kind.allCases, limit: 1).first
            return Motion(
                run: EnvironmentLock(workspace).holder(of: environment.name),
                last: last?.timestamp, outcome: last?.outcome)
        }
    }

    private struct Motion: Equatable {
        var run: String?
        var last: Timestamp?
        var outcome: Deployment.Outcome?
    }

    private func statusNow(of environments: [Environment]) throws(DeployError) -> Status {
        let lookouts = try environments.map { environment throws(DeployError) in try lookout(at: environment)
        }
        let promotion = try promotion(among: lookouts)
        if promotion == nil { lookouts.look(asking: ports.commands) }
        return Status(
            environments: try lookouts.map { lookout throws(DeployError) in try status(lookout.look) },
            promotion: promotion,
            lostKeeper: KeeperPresence(files: ports.files, project: workspace.project).lost,
            unlingering: environments.first.flatMap {
                Lingering(ports: ports).lacking(for: $0.project, in: workspace.project)
            })
    }

    private func lookout(at environment: Environment) throws(DeployError) -> Lookout {
        Lookout(
            workspace, at: try FactsCollector(workspace).collect(environment, starting: false),
            isForPeople: true)
    }

    /// By the same answers the statuses come from; asks for all of `lookouts`, unless nothing is promoted.
    private func promotion(among lookouts: [Lookout]) throws(DeployError) -> Status.Promotion? {
        let deployed = DeployedDefinitions(ports, written: definitions)
        guard var target = lookouts.map(\.facts).first(where: { $0.environment.promotion != nil }),
            let next = try? deployed.next(target.environment.name), let rules = next.promotion
        else { return nil }
        target.environment = next
        let source = try rules.from.map { name throws(DeployError) in
            if let known = lookouts.first(where: { $0.facts.environment.name == name }) { return known }
            return try lookout(at: try deployed.load(name))
        }
        let head = source == nil ? try SourceFacts(workspace.site(target.environment)).commit("HEAD") : nil
        let facts = try PromotionFactsCollector(
            workspace, definitions: definitions, source: source, target: target.environment,
            building: head?.commit
        ).collect(reusing: Self.freshEnough, beside: lookouts) { [target] in target }.facts
        let unfinished = try interrupted(in: target.environment.name)
        let sick = try sickData(of: target, lookouts)
        return Status.Promotion(trigger: rules.trigger, gates: unfinished + sick + Gates.judge(facts))
    }

    /// Nothing is promoted before a person has settled what was interrupted.
    private func interrupted(in name: String) throws(DeployError) -> [Finding] {
        guard let run = try ports.state.unfinished(in: name),
            EnvironmentLock(workspace).holder(of: name) == nil
        else { return [] }
        return [
            Finding(
                id: "unfinished",
                verdict: .refused(
                    "the \(run.kind.rawValue) \(run.timestamp) was interrupted",
                    next: "deployctl resume \(name), or deployctl abort \(name)"))
        ]
    }

    /// Nothing is promoted to a database that is gone, or that a server does not give.
    private func sickData(
        of target: EnvironmentFacts, _ lookouts: [Lookout]
    ) throws(DeployError) -> [Finding] {
        let name = target.environment.name
        let seen = lookouts.first { $0.facts.environment.name == name }?.look.databaseComplaint
        do throws(DeployError) {
            try target.refuseLost(backups: try ports.state.backups(of: name))
            // What stands among the environment's own problems is not told twice.
            if let seen {
                let short = Verdict.refused("\(name) does not get its database", next: seen.next)
                return [Finding(id: "database", verdict: short)]
            }
            guard let denied = target.denied else { return [] }
            return [Finding(id: "database", verdict: .refused(denied.why, next: denied.next))]
        } catch {
            return [Finding(id: "database", verdict: .refused(error.what, next: error.next))]
        }
    }

    private func failedSchedules(of environment: Environment) throws(DeployError) -> [String] {
        guard !environment.schedules.isEmpty else { return [] }
        let names = Set(environment.schedules.map(\.name))
        let last = try ports.state.lastScheduleRuns(of: environment.name)
            .filter { names.contains($0.schedule) }
        let failed = last.filter(\.hasFailed).map { "\($0.schedule) \(ScheduleRunner.words(for: $0))" }
        guard last.contains(where: { $0.started != nil && $0.ended == nil }) else { return failed }
        let now = ports.clock.now()
        return failed
            + (try ScheduleLook.all(in: environment, of: workspace)).compactMap { look in
                look.overlong(at: now).map { "\(look.schedule.name) \($0)" }
            }
    }

    private func status(_ seen: EnvironmentLook) throws(DeployError) -> EnvironmentStatus {
        let (state, environment) = (ports.state, seen.facts.environment)
        let (name, kinds) = (environment.name, Deployment.Kind.allCases)
        let lock = EnvironmentLock(workspace)
        // The lock is looked at on both sides: whoever holds it writes that it began after, and how it ended before.
        let wasBusy = lock.holder(of: name) != nil
        let unfinished = try state.unfinished(in: name)
        let isBusy = wasBusy || lock.holder(of: name) != nil
        var look = seen
        if isBusy { (look.drift, look.databaseComplaint) = ([], nil) }
        let backup = try state.backups(of: name).first
        let (wayBack, noWayBack) = isBusy ? (nil, nil) : wayBack(from: look.facts)
        let missing = BackupKeys(workspace.site(environment)).missing(for: [backup].compactMap(\.self))
        return EnvironmentStatus(
            look: look, release: try served(look.facts), isBusy: isBusy,
            lastDeployment:
                try state.deployments(of: name, kinds: kinds.filter { $0 != .rehearsal }, limit: 1).first,
            lastTouch: try state.deployments(of: name, kinds: kinds.filter(\.touchesServices), limit: 100)
                .first { $0.outcome == .succeeded },
            lastBackup: backup, missingKey: missing.values.first?.key,
            unfinished: try unfinished.map { run throws(DeployError) in
                UnfinishedRun(
                    deployment: run, step: try state.steps(of: run.timestamp).last, isRunning: isBusy,
                    obstacle: environment.database?.service == nil ? look.databaseComplaint : nil)
            },
            hold: try state.hold(on: name),
            waiting: waiting(at: look.facts), wayBack: wayBack, noWayBack: noWayBack,
            failedSchedules: try failedSchedules(of: environment))
    }

    private func wayBack(from facts: EnvironmentFacts) -> (PricedReturn?, why: String?) {
        guard facts.release != nil else { return (nil, nil) }
        do throws(DeployError) {
            return (try PricedReturnFinder(site: workspace.site(facts.environment), facts: facts).find(), nil)
        } catch { return (nil, error.why) }
    }

    private func served(_ facts: EnvironmentFacts) throws(DeployError) -> Release? {
        guard let serving = facts.serving, serving.release != facts.release?.timestamp else {
            return facts.release
        }
        return try ports.state.release(serving.release) ?? facts.release
    }

    /// What serves goes on without them; whatever is started next would not.
    private func unreadableSecrets(of environment: Environment) -> [String] {
        environment.allSecrets.sorted { $0.key < $1.key }.compactMap { name, source in
            do throws(DeployError) {
                _ = try ports.secrets.fetch(source, named: name)
                return nil
            } catch {
                return "nothing can be started: \(error.what): \(error.why); deployctl doctor says more"
            }
        }
    }

    private func waiting(at facts: EnvironmentFacts) -> String? {
        let environment = facts.environment
        let definition = DeployedDefinitions(ports, written: definitions).waiting(for: environment)
        let files = facts.serving == nil ? [] : LinkedFiles(site: workspace.site(environment)).waiting
        let said = [definition].compactMap(\.self) + files + unreadableSecrets(of: environment)
        return said.isEmpty ? nil : said.joined(separator: "; ")
    }
}

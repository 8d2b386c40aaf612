import DeployCore
import FoundationEssentials

/// Looks at every environment at once: all probes run together.
struct StatusCollector {
    let context: CommandContext

    private struct Look {
        var facts: EnvironmentFacts
        var instance: Instance?
        var door: Int?
        var probes: [String: Int] = [:]
    }

    struct Answer {
        var statuses: [EnvironmentStatus]
        /// nil when no environment is promoted to.
        var gates: [Finding]?
    }

    /// So that looking again and again puts no load on what is looked at.
    private static let freshEnough = Duration.seconds(15)

    func collect(_ environments: [Environment]) throws(DeployError) -> Answer {
        var requests: [CommandRequest] = []
        var looks: [Look] = []
        for environment in environments {
            let facts = try FactsCollector(context.workspace).collect(
                environment)
            let site = context.workspace.site(facts.environment)
            var look = Look(
                facts: facts, instance: site.records.current)
            if facts.serving != nil, let request = FrontDoor(environment: facts.environment).request() {
                look.door = requests.count
                requests.append(request)
            }
            for service in look.instance?.services ?? [] {
                guard
                    let health = facts.environment.services.first(where: { $0.name == service.name })?.health,
                    let address = service.address
                else { continue }
                look.probes[service.name] = requests.count
                requests.append(
                    CommandRequest(
                        CurlCommands.probe(address, path: health.path, deadline: .seconds(5)),
                        deadline: .seconds(7)))
            }
            looks.append(look)
        }
        let target = looks.first { $0.facts.environment.promotion != nil }
        if let target { requests.append(tree(target).uncommittedRequest) }
        let results = context.ports.commands.runTogether(requests)
        return Answer(
            statuses: try looks.map { look throws(DeployError) in try status(look, results) },
            gates: try target.map { target throws(DeployError) in try gates(target, looks, results) })
    }

    private func tree(_ target: Look) -> SourceFacts {
        SourceFacts(context.workspace.site(target.facts.environment))
    }

    /// Judged by the same answers the statuses come from; git's is the last.
    private func gates(
        _ target: Look, _ looks: [Look], _ results: [CommandResult]
    ) throws(DeployError) -> [Finding] {
        let from = target.facts.environment.promotion?.from
        guard let source = looks.first(where: { $0.facts.environment.name == from }) else {
            return try context.deployer.gates(target.facts.environment, reusing: Self.freshEnough).gates
        }
        let observer = Observer(context.workspace)
        let seen = PromotionFactsCollector.Seen(
            sourceComplaints: observer.complaints(
                source.facts, answer: source.door.map { results[$0] },
                services: source.probes.mapValues { results[$0] }),
            uncommitted: results.last.flatMap(SourceFacts.uncommitted))
        let collector = PromotionFactsCollector(
            context.workspace, definitions: context.definitions)
        let facts = try collector.collect(
            source: source.facts, target: target.facts.environment, requested: nil,
            reusing: Self.freshEnough, seen: seen
        ) { target.facts }.facts
        return Gates.judge(facts)
    }

    private func status(_ look: Look, _ results: [CommandResult]) throws(DeployError) -> EnvironmentStatus {
        let (state, facts) = (context.ports.state, look.facts)
        let name = facts.environment.name
        let observer = Observer(context.workspace)
        let kinds = Deployment.Kind.allCases
        let last = try state.deployments(of: name, kinds: kinds.filter { $0 != .rehearsal }, limit: 1).first
        let moved = try state.deployments(of: name, kinds: kinds.filter(\.touchesServices), limit: 1).first
        let unfinished = try state.unfinished(in: name)
        let concernsPeople = unfinished.map { $0.kind != .rehearsal } ?? false
        let running = EnvironmentLock(context.workspace).holder(of: name) != nil
        let services = services(look, results)
        var problems =
            facts.serving == nil ? [] : observer.complaints(facts, answer: look.door.map { results[$0] })
        problems += services.filter { $0.state == "running" && !$0.healthy }.map {
            "service \($0.name) is not healthy"
        }
        let drift = observer.drift(facts)
        let backup = try state.backups(of: name).first
        let hold = try state.hold(on: name)
        return EnvironmentStatus(
            name: name,
            state: verdict(
                facts, moved, problems, interrupted: concernsPeople && !running),
            release: facts.release?.timestamp, commit: facts.release?.commit, url: facts.environment.url,
            drift: drift,
            problems: problems.filter { !drift.contains($0) }, services: services,
            lastDeployment: last.map { lastDeployment($0, running: running) },
            lastBackup: backup.map { lastBackup($0, facts.environment) },
            unfinished: try unfinished.map { run throws(DeployError) in
                try self.unfinished(run, running: running)
            },
            hold: hold.map { "\($0.performer): \($0.reason)" })
    }

    private func verdict(
        _ facts: EnvironmentFacts, _ last: Deployment?, _ problems: [String], interrupted: Bool
    ) -> EnvironmentStatus.State {
        if interrupted { return .interrupted }
        guard facts.release != nil else { return .empty }
        if facts.serving == nil {
            return last?.kind == .stop && last?.outcome == .succeeded ? .stopped : .unhealthy
        }
        return problems.isEmpty ? .healthy : .unhealthy
    }

    private func services(_ look: Look, _ results: [CommandResult]) -> [EnvironmentStatus.ServiceStatus] {
        let alive = context.ports.running(look.instance?.services ?? [])
        return look.facts.environment.services.filter { $0.role == .app }.map { service in
            let running = look.instance?.services.first { $0.name == service.name }
            let alive = alive.contains(service.name)
            let answer = look.probes[service.name].flatMap {
                CurlCommands.answers(results[$0].output).last?.status
            }
            return EnvironmentStatus.ServiceStatus(
                name: service.name, state: alive ? "running" : "stopped",
                healthy: alive && (service.health == nil || answer == 200),
                port: look.facts.environment.ports[service.name],
                since: running?.since)
        }
    }

    private func lastBackup(_ backup: Backup, _ environment: Environment) -> EnvironmentStatus.LastBackup {
        let site = context.workspace.site(environment)
        let missing = BackupKeys(site).missing(for: [backup])
        return EnvironmentStatus.LastBackup(
            timestamp: backup.timestamp, verified: backup.verified.rawValue, bytes: backup.bytes,
            takenAt: backup.createdAt, needsKey: missing[backup.timestamp]?.key)
    }

    private func lastDeployment(_ last: Deployment, running: Bool) -> EnvironmentStatus.LastDeployment {
        EnvironmentStatus.LastDeployment(
            timestamp: last.timestamp, kind: last.kind.rawValue,
            outcome: last.outcome?.rawValue ?? (running ? "running" : "interrupted"),
            performer: last.performer,
            seconds: last.seconds.map { ($0 * 100).rounded() / 100 })
    }

    private func unfinished(_ run: Deployment, running: Bool) throws(DeployError)
        -> EnvironmentStatus.Unfinished
    {
        let step = try context.ports.state.steps(of: run.timestamp).last
        return EnvironmentStatus.Unfinished(
            timestamp: run.timestamp, kind: run.kind.rawValue,
            step: step.map { "\($0.position + 1). \($0.title) (\($0.state.rawValue))" }, running: running,
            next: running ? "wait for it" : Self.next(after: run))
    }

    private static func next(after run: Deployment) -> String {
        run.kind == .rehearsal
            ? "nothing has to be done: the next run removes what is left of it"
            : "deployctl resume \(run.environment), or deployctl abort \(run.environment)"
    }
}

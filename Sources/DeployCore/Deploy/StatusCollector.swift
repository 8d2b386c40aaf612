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

    /// Looks at environments and judges the promotion to the first that is promoted to, all in one wave.
    public func status(of environments: [Environment]) throws(DeployError) -> Status {
        let lookouts = try environments.map { environment throws(DeployError) in try lookout(at: environment)
        }
        let promotion = try promotion(among: lookouts)
        if promotion == nil { lookouts.look(asking: ports.commands) }
        return Status(
            environments: try lookouts.map { lookout throws(DeployError) in try status(lookout.look) },
            promotion: promotion)
    }

    private func lookout(at environment: Environment) throws(DeployError) -> Lookout {
        Lookout(workspace, at: try FactsCollector(workspace).collect(environment))
    }

    /// By the same answers the statuses come from; asks for all of `lookouts`, unless nothing is promoted.
    private func promotion(among lookouts: [Lookout]) throws(DeployError) -> Status.Promotion? {
        guard let target = lookouts.map(\.facts).first(where: { $0.environment.promotion != nil }),
            let rules = target.environment.promotion
        else { return nil }
        let source = try rules.from.map { name throws(DeployError) in
            if let known = lookouts.first(where: { $0.facts.environment.name == name }) { return known }
            return try lookout(at: try definitions.load(name))
        }
        let head = source == nil ? try SourceFacts(workspace.site(target.environment)).commit("HEAD") : nil
        let facts = try PromotionFactsCollector(
            workspace, definitions: definitions, source: source, target: target.environment,
            branch: head?.branch
        ).collect(reusing: Self.freshEnough, beside: lookouts) { target }.facts
        return Status.Promotion(trigger: rules.trigger, gates: Gates.judge(facts))
    }

    private func status(_ look: EnvironmentLook) throws(DeployError) -> EnvironmentStatus {
        let (state, environment) = (ports.state, look.facts.environment)
        let (name, kinds) = (environment.name, Deployment.Kind.allCases)
        let unfinished = try state.unfinished(in: name)
        let isBusy = EnvironmentLock(workspace).holder(of: name) != nil
        let backup = try state.backups(of: name).first
        let missing = BackupKeys(workspace.site(environment)).missing(for: [backup].compactMap(\.self))
        return EnvironmentStatus(
            look: look, isBusy: isBusy,
            lastDeployment:
                try state.deployments(of: name, kinds: kinds.filter { $0 != .rehearsal }, limit: 1).first,
            lastTouch: try state.deployments(of: name, kinds: kinds.filter(\.touchesServices), limit: 1)
                .first,
            lastBackup: backup, missingKey: missing.values.first?.key,
            unfinished: try unfinished.map { run throws(DeployError) in
                UnfinishedRun(
                    deployment: run, step: try state.steps(of: run.timestamp).last, isRunning: isBusy)
            },
            hold: try state.hold(on: name))
    }
}

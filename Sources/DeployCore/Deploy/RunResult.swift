/// How a verb ended.
public enum RunResult: Sendable {
    /// With what went wrong after the new release served already.
    case done(Deployment, warnings: [DeployError])
    /// Nothing had to change, and why.
    case upToDate(String)

    var succeeded: Bool {
        if case .done(let deployment, _) = self { deployment.outcome == .succeeded } else { false }
    }

    /// What the program ends with.
    public var exitCode: ExitCode {
        guard case .done(let deployment, let warnings) = self else { return .done }
        switch deployment.outcome {
        case .succeeded, .interrupted, nil:
            return warnings.contains { $0.code == .needsPerson } ? .needsPerson : .done
        case .failed, .rolledBack: return .stepFailed
        }
    }
}

extension RunResult {
    /// What brings the state before it back; nil where nothing was replaced.
    public func wayBack(in state: any StateStore) throws(DeployError) -> WayBack? {
        guard case .done(let deployment, _) = self, deployment.outcome == .succeeded,
            let plan = try state.plan(of: deployment.timestamp)
        else {
            return nil
        }
        if let kept = try keptData(deployment, plan, state) {
            return WayBack(to: kept, in: deployment.environment, undoes: true)
        }
        guard deployment.kind == .promote || deployment.kind == .deploy,
            let previous = plan.previousRelease, previous != deployment.release
        else { return nil }
        let keepsData = try state.definition(of: deployment.timestamp)?.keepsData != false
        let backups = try state.backups(of: deployment.environment)
        let isCodeOnly = keepsData && !backups.contains { $0.release == previous && $0.verified != .no }
        return WayBack(
            to: previous, in: deployment.environment, undoes: false, isCodeOnly: isCodeOnly,
            needsReason: isCodeOnly ? try hasMigrated(deployment, state) : false)
    }

    private func hasMigrated(_ deployment: Deployment, _ state: any StateStore) throws(DeployError) -> Bool {
        try state.steps(of: deployment.timestamp).contains {
            $0.step == Migrate.id && Migrate.hasApplied($0.note)
        }
    }

    /// The backup that holds what was replaced: one of its own where that differed from the safety backup.
    private func keptData(
        _ deployment: Deployment, _ plan: Plan, _ state: any StateStore
    ) throws(DeployError) -> Timestamp? {
        for record in try state.steps(of: deployment.timestamp) where record.state == .finished {
            guard case .keepRetiredData(let work) = plan.steps[record.position] else { continue }
            guard work.unread == nil else { return nil }
            return try state.backup(work.backup) == nil ? work.safety : work.backup
        }
        return nil
    }
}

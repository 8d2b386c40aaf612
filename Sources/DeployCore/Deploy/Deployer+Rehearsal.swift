import FoundationEssentials

extension Deployer {
    /// What a rehearsal observed; there is none unless all of it went well.
    public struct Rehearsal: Sendable {
        /// The rollback it tried.
        public var proposal: Proposal
        /// Its own run in the journal.
        public var timestamp: Timestamp
        public var release: Timestamp
        public var data: RehearsalData
        /// Restoring or copying the data, and comparing it; nil without a database.
        public var restoreSeconds: Double?
        /// From the start of the release to its health.
        public var healthySeconds: Double
        public var seconds: Double
    }

    /// Tries a rollback beside everything that serves: its data in a scratch database, its release on that.
    ///
    /// - Throws: `.backupFailed` when the backup does not restore, `.stepFailed` when the release does not get healthy.
    public func rehearse(_ name: String, _ request: RollbackRequest) throws(DeployError) -> Rehearsal {
        let environment = try definitions.load(name)
        return try locked(name, for: "deployctl rollback --rehearse") { () throws(DeployError) in
            try Recovery(deployer: self).settleBefore(environment)
            var proposal = try rollbackProposal(environment, request)
            guard case .rollback(let release, let backup) = proposal.draft.goal else {
                throw DeployError(
                    .unexpected, what: "There is no rollback to rehearse",
                    why: "its plan has another goal", next: "report this as a bug")
            }
            var facts = proposal.draft.facts
            facts.loss = nil
            let data = Self.data(of: backup, facts)
            proposal.notices += Self.notices(facts.environment)
            let draft = PlanDraft(kind: .rehearsal, facts: facts, goal: .rehearse(release, on: data))
            let done = try carriedOut(draft)
            return try measured(done, proposal, release.timestamp, data)
        }
    }

    private static func data(of backup: Backup?, _ facts: EnvironmentFacts) -> RehearsalData {
        if let backup { return .backup(backup) }
        guard let database = facts.environment.database else { return .none }
        if database.fresh { return .fresh }
        return facts.database.map { .copy(of: $0) } ?? .none
    }

    private static func notices(_ environment: Environment) -> [String] {
        let folders = environment.sharedFolders.joined(separator: ", ")
        return folders.isEmpty
            ? [] : ["the rehearsed release used the live shared folders: \(folders)"]
    }

    private func carriedOut(_ draft: PlanDraft) throws(DeployError) -> Deployment {
        let name = draft.facts.environment.name
        do throws(DeployError) {
            guard case .done(let deployment, _) = try carryOut(draft, approval: nil) else {
                throw DeployError(
                    .unexpected, what: "The rehearsal has no step", why: "its plan is empty",
                    next: "report this as a bug")
            }
            return deployment
        } catch {
            guard error.code == .stepFailed else { throw error }
            throw error.recast(
                as: .stepFailed,
                next: "what serves was not touched; other releases: deployctl rollback --environment \(name)")
        }
    }

    private func measured(
        _ deployment: Deployment, _ proposal: Proposal, _ release: Timestamp, _ data: RehearsalData
    ) throws(DeployError) -> Rehearsal {
        let records = try ports.state.steps(of: deployment.timestamp)
        let fills = [
            RestoreAside.id, CopyLiveData.id, CreateDatabase.id, FillDatabase.id, RestoreSource.id,
            MaskData.id,
            BringMaskedData.id,
        ]
        let filled = records.filter { fills.contains($0.step) }.compactMap(\.seconds)
        guard let began = records.first(where: { $0.step == StartInstance.id })?.startedAt,
            let healthy = records.first(where: { $0.step == CheckHealth.id })?.finishedAt
        else {
            throw DeployError(
                .unexpected, what: "The rehearsal measured nothing", why: "its journal lacks a step",
                next: "deployctl show \(deployment.timestamp)")
        }
        return Rehearsal(
            proposal: proposal, timestamp: deployment.timestamp, release: release, data: data,
            restoreSeconds: filled.isEmpty ? nil : filled.reduce(0, +),
            healthySeconds: healthy.timeIntervalSince(began), seconds: deployment.seconds ?? 0)
    }
}

extension RehearsalData {
    /// One word for programs.
    public var name: String {
        switch self {
        case .backup: "backup"
        case .copy: "copy"
        case .fresh: "fresh"
        case .none: "none"
        }
    }
}

extension StepRecord {
    fileprivate var seconds: Double? { finishedAt.map { $0.timeIntervalSince(startedAt) } }
}

import FoundationEssentials

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
    /// What the whole rehearsal took.
    public var seconds: Double
}

/// Tries a rollback beside everything that serves: its data in a scratch database, its release on that.
struct RollbackRehearsal {
    let rollback: Rollback

    private var name: String { rollback.name }

    func carryOut() throws(DeployError) -> Rehearsal {
        var tried: Proposal?
        // A rollback asked for later with the same key is not done by it.
        let change = ChangeLifeCycle(
            deployer: rollback.deployer.withoutIdempotencyKey, name: name, by: .deployed,
            purpose: "deployctl rollback --rehearse"
        ) { environment throws(DeployError) in
            let proposal = try rollback.proposal(environment)
            tried = proposal
            return Proposal(draft: try Self.draft(trying: proposal))
        }
        do throws(DeployError) {
            let result = try change.carryOut()
            guard case .done(let deployment, _) = result, let tried else {
                throw DeployError(
                    .unexpected, what: "The rehearsal has no step", why: "its plan is empty",
                    next: "report this as a bug")
            }
            return try measured(deployment, tried)
        } catch {
            guard error.code == .stepFailed, tried != nil else { throw error }
            throw error.recast(
                as: .stepFailed,
                next: "what serves was not touched; other releases: deployctl rollback --environment \(name)")
        }
    }

    private static func draft(trying rollback: Proposal) throws(DeployError) -> PlanDraft {
        var facts = rollback.draft.facts
        facts.loss = nil
        if facts.environment.runtime.strategy == .ownTool {
            throw DeployError(
                .gateRefused, what: "A rollback of \(facts.environment.name) cannot be rehearsed",
                why: "the project's own tool has one place for a release, which serves",
                next:
                    "deployctl plan rollback \(rollback.draft.release ?? "previous") --environment \(facts.environment.name)"
            )
        }
        let (release, data) = try target(of: rollback)
        return PlanDraft(kind: .rehearsal, facts: facts, goal: .rehearse(release, on: data))
    }

    private static func target(of rollback: Proposal) throws(DeployError) -> (Release, RehearsalData) {
        guard case .rollback(let release, let backup) = rollback.draft.goal else {
            throw DeployError(
                .unexpected, what: "There is no rollback to rehearse",
                why: "its plan has another goal", next: "report this as a bug")
        }
        let facts = rollback.draft.facts
        if let backup { return (release, .backup(backup)) }
        guard let database = facts.environment.database else { return (release, .none) }
        if database.fresh { return (release, .fresh) }
        return (release, facts.database.map { .copy(of: $0) } ?? .none)
    }

    private static func notices(_ environment: Environment) -> [String] {
        let folders = environment.sharedFolders.joined(separator: ", ")
        return folders.isEmpty ? [] : ["the rehearsed release used the live shared folders: \(folders)"]
    }

    private func measured(
        _ deployment: Deployment, _ tried: Proposal
    ) throws(DeployError) -> Rehearsal {
        let records = try rollback.deployer.ports.state.steps(of: deployment.timestamp)
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
        let (release, data) = try Self.target(of: tried)
        var proposal = tried
        proposal.notices += Self.notices(tried.draft.facts.environment)
        return Rehearsal(
            proposal: proposal, timestamp: deployment.timestamp, release: release.timestamp, data: data,
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

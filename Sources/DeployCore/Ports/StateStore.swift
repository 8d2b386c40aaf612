import FoundationEssentials

/// The tool's own memory: releases, deployments, their steps, backups and holds.
///
/// Every call is one transaction and durable when it returns. Nothing here is ever deleted, except who was told of what
/// long ago, and how runs of long ago went step by step; what is gone is marked.
public protocol StateStore: PromotionRecords, AuditRecords, ScheduleRecords, MeasureRecords,
    NoticeRecords, StateSafety
{
    /// A name no release, deployment or backup has, later than all of them.
    func nextTimestamp(at now: Date) throws(DeployError) -> Timestamp
    /// Several such names, earliest first.
    func nextTimestamps(_ count: Int, at now: Date) throws(DeployError) -> [Timestamp]

    func record(_ release: Release) throws(DeployError)
    func release(_ timestamp: Timestamp) throws(DeployError) -> Release?
    /// Newest first.
    func releases() throws(DeployError) -> [Release]

    /// Stores the plan, who asked and who approved, before the first step, and takes the
    /// environment's epoch: an older run that wakes up later can write nothing any more.
    func begin(_ plan: Plan, origin: Origin, approval: Approval?, at now: Date) throws(DeployError)
        -> Deployment
    func record(_ step: StepRecord, of deployment: Deployment) throws(DeployError)
    /// Records one step's outcome and the next one's intent at once.
    func record(_ steps: [StepRecord], of deployment: Deployment) throws(DeployError)
    func finish(
        _ deployment: Deployment, outcome: Deployment.Outcome, error: DeployError?, at now: Date
    ) throws(DeployError)
    /// Takes the epoch of an unfinished run for this process, which continues it.
    func adopt(_ deployment: Deployment) throws(DeployError)

    /// Newest first; all environments when nil.
    func deployments(of environment: String?, limit: Int) throws(DeployError) -> [Deployment]
    /// Newest first, of these kinds alone, with any outcome or none; whatever else ran since does not hide them.
    func deployments(of environment: String, kinds: [Deployment.Kind], limit: Int) throws(DeployError)
        -> [Deployment]
    /// Newest first, those alone that made a release current; whatever else ran since does not hide them.
    func releaseMoves(of environment: String, limit: Int) throws(DeployError) -> [Deployment]
    func deployment(_ timestamp: Timestamp) throws(DeployError) -> Deployment?
    func deployment(idempotencyKey: String) throws(DeployError) -> Deployment?
    /// The run of this environment that has no outcome yet.
    func unfinished(in environment: String) throws(DeployError) -> Deployment?
    func plan(of deployment: Timestamp) throws(DeployError) -> Plan?
    /// The definition the plan was made from, which is quicker to read than all its steps.
    func definition(of deployment: Timestamp) throws(DeployError) -> Environment?
    func approval(of deployment: Timestamp) throws(DeployError) -> Approval?
    func steps(of deployment: Timestamp) throws(DeployError) -> [StepRecord]
    /// Gives up plan and steps of runs that ended and began before `limit`, and returns of how many; the newest ones of the
    /// environment, and those named, keep theirs. That and how each run ended stays.
    func forgetPlans(
        of environment: String, before limit: Date, butNewest count: Int, and kept: Set<Timestamp>
    ) throws(DeployError) -> Int

    /// Adds the backup or, when it is known, replaces how it was proved and copied.
    func record(_ backup: Backup) throws(DeployError)
    /// Newest first, removed ones left out.
    func backups(of environment: String) throws(DeployError) -> [Backup]
    func backup(_ timestamp: Timestamp) throws(DeployError) -> Backup?
    func markRemoved(_ backup: Timestamp, at now: Date) throws(DeployError)
    /// Keeps a backup from being pruned for this reason; nil lets it go again.
    func pin(_ backup: Timestamp, because reason: String?) throws(DeployError)

    func hold(on environment: String) throws(DeployError) -> Hold?
    /// Of all environments, in the order of their names.
    func holds() throws(DeployError) -> [Hold]
    /// Returns false when somebody holds it already.
    func take(_ hold: Hold) throws(DeployError) -> Bool
    func releaseHold(on environment: String) throws(DeployError)
}

extension StateStore {
    /// What an instance was started by; nil where that is not on record.
    func definition(startedAs instance: String) throws(DeployError) -> Environment? {
        guard let run = Timestamp(digits: instance) else { return nil }
        return try definition(of: run)
    }

    public func nextTimestamps(_ count: Int, at now: Date) throws(DeployError) -> [Timestamp] {
        var names: [Timestamp] = []
        for _ in 0..<count { names.append(try nextTimestamp(at: now)) }
        return names
    }

    public func record(_ steps: [StepRecord], of deployment: Deployment) throws(DeployError) {
        for step in steps { try record(step, of: deployment) }
    }
}

extension StateStore {
    public func definition(of deployment: Timestamp) throws(DeployError) -> Environment? {
        try plan(of: deployment)?.environment
    }

    /// The definition that `environment` was deployed with last; nil before the first deployment.
    public func lastDefinition(of environment: String) throws(DeployError) -> Environment? {
        let last = try releaseMoves(of: environment, limit: 1).first
        return try last.flatMap { last throws(DeployError) in try definition(of: last.timestamp) }
    }
}

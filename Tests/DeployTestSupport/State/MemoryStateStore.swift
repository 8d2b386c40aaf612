import Foundation

@testable import DeployCore

/// The tool's state in memory; several stores may share one memory, as processes share one file.
public final class MemoryStateStore: StateStore, @unchecked Sendable {
    final class Memory: @unchecked Sendable {
        let guarded = NSLock()
        var last: Timestamp?
        var releases: [Timestamp: Release] = [:]
        var deployments: [Deployment] = []
        var keys: [String: Timestamp] = [:]
        var plans: [Timestamp: Plan] = [:]
        var approvals: [Timestamp: Approval] = [:]
        var steps: [Timestamp: [Int: StepRecord]] = [:]
        var backups: [Timestamp: Backup] = [:]
        var removed: Set<Timestamp> = []
        var holds: [String: Hold] = [:]
        var releaseApprovals: [Signature] = []
        var vetoes: [(veto: Veto, deployment: Timestamp?)] = []
        var overrides: [Timestamp: [GateOverride]] = [:]
        var logPositions: [Timestamp: [String: LogPosition]] = [:]
        var scheduleRuns: [ScheduleRun] = []
        var events: [(event: Event, isRouted: Bool)] = []
        var deliveries: [Delivery] = []
        var pruned: Set<Int64> = []
        var trafficPositions: [String: LogPosition] = [:]
        var traffic: [String: [Traffic]] = [:]
        var epochs: [String: Int] = [:]
        var audit: [AuditRecord] = []
        var rebuildings: [Rebuilding] = []
    }

    let memory: Memory
    /// What another run does between the questions of this one: before it reads who vetoed what.
    public var beforeVetoesAreRead: @Sendable () throws(DeployError) -> Void = {}
    private var taken: [String: Int] = [:]

    public init(sharing other: MemoryStateStore? = nil) { memory = other?.memory ?? Memory() }

    public func nextTimestamp(at now: Date) throws(DeployError) -> Timestamp {
        locked { memory in
            var next = Timestamp(now)
            if let last = memory.last, last >= next { next = last.successor }
            memory.last = next
            return next
        }
    }

    public func begin(
        _ plan: Plan, origin: Origin, approval: Approval?, at now: Date
    ) throws(DeployError) -> Deployment {
        memory.guarded.lock()
        defer { memory.guarded.unlock() }
        if memory.plans[plan.timestamp] != nil { throw refusal("the timestamp is used") }
        if let key = origin.idempotencyKey {
            if let first = memory.deployments.first(where: { $0.timestamp == memory.keys[key] }) {
                throw IdempotentRepeat.refusal(first)
            }
            memory.keys[key] = plan.timestamp
        }
        var deployment = Deployment(
            sequence: Int64(memory.deployments.count + 1), timestamp: plan.timestamp,
            environment: plan.environment.name, kind: plan.kind, release: plan.release, commit: plan.commit,
            outcome: nil, performer: origin.performer, trigger: origin.trigger, reason: origin.reason,
            planID: plan.id, error: nil, startedAt: now, finishedAt: nil)
        deployment.wish = origin.idempotencyKey == nil ? nil : origin.wish
        deployment.who = origin.who
        memory.deployments.append(deployment)
        memory.plans[plan.timestamp] = plan
        memory.approvals[plan.timestamp] = approval
        memory.overrides[plan.timestamp] = origin.overrides
        takeEpoch(of: plan.environment.name)
        return deployment
    }

    public func adopt(_ deployment: Deployment) throws(DeployError) {
        locked { _ in takeEpoch(of: deployment.environment) }
    }

    public func record(_ step: StepRecord, of deployment: Deployment) throws(DeployError) {
        memory.guarded.lock()
        defer { memory.guarded.unlock() }
        try refuseStale(deployment.environment)
        guard memory.plans[deployment.timestamp] != nil else { throw refusal("there is no such deployment") }
        memory.steps[deployment.timestamp, default: [:]][step.position] = step
    }

    public func finish(
        _ deployment: Deployment, outcome: Deployment.Outcome, error: DeployError?, at now: Date
    ) throws(DeployError) {
        memory.guarded.lock()
        defer { memory.guarded.unlock() }
        try refuseStale(deployment.environment)
        guard let index = memory.deployments.firstIndex(where: { $0.timestamp == deployment.timestamp })
        else { return }
        memory.deployments[index].outcome = outcome
        memory.deployments[index].error = error
        memory.deployments[index].finishedAt = now
    }

    public func forgetPlans(
        of environment: String, before limit: Date, butNewest count: Int, and kept: Set<Timestamp>
    ) throws(DeployError) -> Int {
        memory.guarded.lock()
        defer { memory.guarded.unlock() }
        try refuseAnyStale()
        let old = memory.deployments.filter { $0.environment == environment }.dropLast(count).filter {
            $0.outcome != nil && $0.startedAt < limit && !kept.contains($0.timestamp)
                && memory.plans[$0.timestamp] != nil
        }
        for run in old {
            memory.plans[run.timestamp] = nil
            memory.steps[run.timestamp] = nil
            memory.logPositions[run.timestamp] = nil
        }
        return old.count
    }

    private func takeEpoch(of environment: String) {
        memory.epochs[environment, default: 0] += 1
        taken[environment] = memory.epochs[environment]
    }

    private func refuseStale(_ environment: String) throws(DeployError) {
        guard memory.epochs[environment] == taken[environment] else {
            throw DeployError(
                .needsPerson, what: "Another run has taken over \(environment)",
                why: "this one was suspended",
                next: "deployctl status \(environment)")
        }
    }

    func refuseAnyStale() throws(DeployError) {
        for environment in taken.keys.sorted() { try refuseStale(environment) }
    }

    func locked<Value>(_ body: (Memory) -> Value) -> Value { memory.guarded.withLock { body(memory) } }

    private func refusal(_ why: String) -> DeployError {
        DeployError(.unexpected, what: "The state refuses", why: why, next: "look at the test")
    }
}

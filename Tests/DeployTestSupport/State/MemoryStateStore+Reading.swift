import Foundation

@testable import DeployCore

extension MemoryStateStore {
    public func deployments(of environment: String?, limit: Int) throws(DeployError) -> [Deployment] {
        locked { memory in
            let wanted = memory.deployments.reversed().filter {
                environment == nil || $0.environment == environment
            }
            return Array(wanted.prefix(limit))
        }
    }

    public func deployments(
        of environment: String, kinds: [Deployment.Kind], limit: Int
    ) throws(DeployError) -> [Deployment] {
        let found = try deployments(of: environment, limit: .max).filter { kinds.contains($0.kind) }
        return Array(found.prefix(limit))
    }

    public func releaseMoves(of environment: String, limit: Int) throws(DeployError) -> [Deployment] {
        let kinds = Deployment.Kind.allCases.filter(\.movesRelease)
        let moves = try deployments(of: environment, kinds: kinds, limit: .max).filter {
            $0.outcome == .succeeded && $0.release != nil
        }
        return Array(moves.prefix(limit))
    }

    public func deployment(_ timestamp: Timestamp) throws(DeployError) -> Deployment? {
        locked { $0.deployments.first { $0.timestamp == timestamp } }
    }

    public func deployment(idempotencyKey: String) throws(DeployError) -> Deployment? {
        locked { memory in memory.deployments.first { $0.timestamp == memory.keys[idempotencyKey] } }
    }

    public func unfinished(in environment: String) throws(DeployError) -> Deployment? {
        locked { $0.deployments.last { $0.environment == environment && $0.outcome == nil } }
    }

    public func plan(of deployment: Timestamp) throws(DeployError) -> Plan? {
        locked { $0.plans[deployment] }
    }

    public func approval(of deployment: Timestamp) throws(DeployError) -> Approval? {
        locked { $0.approvals[deployment] }
    }

    public func steps(of deployment: Timestamp) throws(DeployError) -> [StepRecord] {
        locked { ($0.steps[deployment] ?? [:]).values.sorted { $0.position < $1.position } }
    }

    public func record(_ release: Release) throws(DeployError) {
        memory.guarded.lock()
        defer { memory.guarded.unlock() }
        try refuseAnyStale()
        memory.releases[release.timestamp] = release
    }

    public func release(_ timestamp: Timestamp) throws(DeployError) -> Release? {
        locked { $0.releases[timestamp] }
    }

    public func releases() throws(DeployError) -> [Release] {
        locked { $0.releases.values.sorted { $0.timestamp > $1.timestamp } }
    }

    public func record(_ backup: Backup) throws(DeployError) {
        memory.guarded.lock()
        defer { memory.guarded.unlock() }
        try refuseAnyStale()
        guard var known = memory.backups[backup.timestamp] else {
            return memory.backups[backup.timestamp] = backup
        }
        known.verified = backup.verified
        known.restoreSeconds = backup.restoreSeconds
        (known.provedAt, known.triedAt, known.copied) = (backup.provedAt, backup.triedAt, backup.copied)
        memory.backups[backup.timestamp] = known
    }

    public func backups(of environment: String) throws(DeployError) -> [Backup] {
        locked { memory in
            memory.backups.values.filter {
                $0.environment == environment && !memory.removed.contains($0.timestamp)
            }
            .sorted { $0.timestamp > $1.timestamp }
        }
    }

    public func backup(_ timestamp: Timestamp) throws(DeployError) -> Backup? {
        locked { $0.removed.contains(timestamp) ? nil : $0.backups[timestamp] }
    }

    public func markRemoved(_ backup: Timestamp, at now: Date) throws(DeployError) {
        memory.guarded.lock()
        defer { memory.guarded.unlock() }
        try refuseAnyStale()
        memory.removed.insert(backup)
    }

    public func pin(_ backup: Timestamp, because reason: String?) throws(DeployError) {
        memory.guarded.lock()
        defer { memory.guarded.unlock() }
        try refuseAnyStale()
        memory.backups[backup]?.pinned = reason
    }

    public func hold(on environment: String) throws(DeployError) -> Hold? { locked { $0.holds[environment] } }

    public func holds() throws(DeployError) -> [Hold] {
        locked { memory in memory.holds.keys.sorted().compactMap { memory.holds[$0] } }
    }

    public func take(_ hold: Hold) throws(DeployError) -> Bool {
        locked { memory in
            guard memory.holds[hold.environment] == nil else { return false }
            memory.holds[hold.environment] = hold
            return true
        }
    }

    public func releaseHold(on environment: String) throws(DeployError) {
        locked { $0.holds[environment] = nil }
    }
}

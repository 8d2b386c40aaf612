import FoundationEssentials

/// Where an environment could go back to and what that would cost, from what is recorded and cheap to look at.
public struct PricedReturn: Sendable {
    public let release: Timestamp
    /// What the data would come back from; nil where it would stay as it is.
    public let backup: Timestamp?
    /// About how long it would take; nil where nothing like it was ever done.
    public let seconds: Double?
    /// What of the data would be lost, in words without a verb; nil where nothing would, or the data stays.
    public let loses: String?
    /// Names of migrations that would be undone.
    public let undoes: [String]
    /// Why it is not the release before it in line, as a sentence without its full stop; nil where it is.
    public var passed: String?

    /// `20261127004956: about 12 s, loses 31 rows of orders, undoes V0003`.
    public var sentence: String {
        let time = seconds.map { "about \(HumanText.duration($0))" }
        let stake = DataLoss.stake(losing: [loses].compactMap(\.self), undoing: undoes)
        let lossless = backup == nil ? "the data stays" : "loses nothing"
        let parts = [time, loses == nil ? lossless : nil, stake.isEmpty ? nil : stake]
        return
            "\(release): \(parts.compactMap(\.self).joined(separator: ", "))\(passed.map { "; \($0)" } ?? "")"
    }
}

/// Finds the way back of an environment; changes nothing, and reads no large table and no backup as a whole.
struct PricedReturnFinder {
    let site: Site
    let facts: EnvironmentFacts

    private var ports: Ports { site.ports }
    private var state: any StateStore { site.ports.state }

    /// Larger databases are not counted, in bytes.
    private static let countable: Int64 = 1 << 20

    /// - Throws: why there is none.
    func find() throws(DeployError) -> PricedReturn {
        let (target, passed) = try RollbackTargets(site).usable()
        var way = try price(target)
        way.passed = passed
        return way
    }

    private func price(_ target: RollbackCandidate) throws(DeployError) -> PricedReturn {
        guard facts.environment.keepsData else {
            return try way(to: target.release, data: nil, loses: nil, undoes: [])
        }
        guard let backup = target.backup else {
            throw DeployError(
                .notFound, what: "There is no way back",
                why: "release \(target.release.timestamp) has no proved backup of its data", next: "")
        }
        if let missing = BackupKeys(site).missing(for: [backup])[backup.timestamp] {
            throw DeployError(
                .backupFailed, what: "There is no way back",
                why: "backup \(backup.timestamp) needs a key: \(missing.key)", next: "")
        }
        let manifest = try BackupReader(site).manifest(
            in: site.layout.backup(backup.timestamp), recorded: backup.sha256)
        let kept = manifest.database.map { Set($0.migrations.map(\.name)) }
        return try way(
            to: target.release, data: backup, loses: loss(since: backup, manifest),
            undoes: kept.map { kept in facts.recordedMigrations.filter { !kept.contains($0) } } ?? [])
    }

    private func way(
        to release: Release, data: Backup?, loses: String?, undoes: [String]
    ) throws(DeployError) -> PricedReturn {
        PricedReturn(
            release: release.timestamp, backup: data?.timestamp, seconds: try seconds(release, data),
            loses: loses, undoes: undoes)
    }

    /// nil where it is known that nothing was written since.
    private func loss(since backup: Backup, _ manifest: BackupManifest) -> String? {
        if facts.environment.backup.folders.isEmpty, let then = manifest.database?.summary,
            facts.environment.database?.engine == .sqlite, facts.unreadable == nil,
            let database = facts.database,
            let size = ports.files.size(of: database.name), size <= Self.countable,
            let now = try? site.database.summarise(database)
        {
            let lost = DataLoss.stake(now: now, then: then)
            return lost.isEmpty ? nil : lost.joined(separator: " and ")
        }
        let (taken, today) = (UTC.rfc3339(backup.createdAt), UTC.rfc3339(ports.clock.now()))
        let day = taken.prefix(10) == today.prefix(10) ? "" : "\(taken.prefix(10)) "
        return "what was written since \(day)\(taken.dropFirst(11).prefix(5)) UTC"
    }

    /// As long as the last rollbacks took, otherwise what its steps took in the last deployment and the proof.
    private func seconds(_ release: Release, _ data: Backup?) throws(DeployError) -> Double? {
        let rollbacks = try state.deployments(of: facts.environment.name, kinds: [.rollback], limit: 5)
        let times = rollbacks.filter { $0.outcome == .succeeded }.compactMap(\.seconds)
        if !times.isEmpty { return times.reduce(0, +) / Double(times.count) }
        guard let last = try state.releaseMoves(of: facts.environment.name, limit: 1).first else {
            return nil
        }
        var known = Dictionary(
            try state.steps(of: last.timestamp).compactMap { step in
                step.finishedAt.map { (step.step, max(0, $0.timeIntervalSince(step.startedAt))) }
            }
        ) { first, _ in first }
        known[RestoreBackup.id] = data?.restoreSeconds
        let builder = PlanBuilder(facts: facts, names: .placeholder)
        let found = builder.steps(for: .rollback(release, data: data)).compactMap { known[$0.work.id] }
        return found.isEmpty ? nil : found.reduce(0, +)
    }
}

/// One place a rollback can go to.
public struct RollbackCandidate: Hashable, Sendable {
    public var release: Release
    /// The newest proved backup taken while it was current.
    public var backup: Backup?
    public var isCurrent: Bool
}

/// Where an environment can go back to.
public struct RollbackTargets: Sendable {
    let site: Site

    public init(_ site: Site) { self.site = site }

    private var ports: Ports { site.ports }
    private var environment: Environment { site.environment }

    /// Releases this environment ran well, newest first, each with its data.
    public func candidates() throws(DeployError) -> [RollbackCandidate] { try find { _ in false } }

    /// The newest of them that is not current; nil where there is none.
    func previous() throws(DeployError) -> RollbackCandidate? {
        try find { !$0.isCurrent }.last.flatMap { $0.isCurrent ? nil : $0 }
    }

    /// Why some of these could not be started any more, in words, by release.
    public func losses(among candidates: [RollbackCandidate]) -> [Timestamp: String] {
        environment.serviceRuntime.losses(among: candidates.map(\.release.timestamp), at: site)
    }

    /// Why a release that was current could not be started any more, in words; nil where nothing is known to be missing.
    public func loss(of release: Timestamp) -> String? {
        guard ports.files.kind(of: site.layout.release(release)) == .folder else {
            return "its folder is gone"
        }
        return environment.serviceRuntime.losses(among: [release], at: site)[release]
    }

    /// The newest that is not current and could be gone to unasked, with why the one before it in line could not be.
    ///
    /// - Throws: `.notFound` where there is none, with the reason.
    func usable() throws(DeployError) -> (target: RollbackCandidate, passed: String?) {
        let newest = try previous()
        guard let newest, let passed = try obstacles(among: [newest]).first?.value else {
            guard let newest else { throw Self.none("no earlier release is on disk") }
            return (newest, nil)
        }
        let others = try candidates().filter { !$0.isCurrent }
        let obstacles = try obstacles(among: others)
        guard let target = others.first(where: { obstacles[$0.release.timestamp] == nil }) else {
            throw Self.none(passed)
        }
        return (target, passed)
    }

    private static func none(_ why: String) -> DeployError {
        DeployError(.notFound, what: "There is no way back", why: why, next: "")
    }

    /// Why nobody goes back to some of these unasked, each as a sentence without its full stop, by release.
    private func obstacles(among candidates: [RollbackCandidate]) throws(DeployError) -> [Timestamp: String] {
        var found = losses(among: candidates).mapValues { "cannot run: \($0)" }
        for release in candidates.map(\.release.timestamp) where found[release] == nil {
            found[release] = try ports.state.vetoes(of: release).first.map { "is vetoed by \($0.performer)" }
        }
        return found.reduce(into: [:]) { $0[$1.key] = "release \($1.key) \($1.value)" }
    }

    /// Newest first, up to the first that is the one that is looked for.
    private func find(until isFound: (RollbackCandidate) -> Bool) throws(DeployError) -> [RollbackCandidate] {
        let layout = site.layout
        let current = try FactsCollector(site.workspace).currentRelease(of: environment.name)?.timestamp
        let backups = try ports.state.backups(of: environment.name)
        var seen: Set<Timestamp> = []
        var found: [RollbackCandidate] = []
        let here = Set(ports.files.names(in: layout.releases).compactMap { Timestamp(digits: $0) })
        for deployment in try ports.state.releaseMoves(of: environment.name, to: here) {
            guard let timestamp = deployment.release, seen.insert(timestamp).inserted,
                ports.files.kind(of: layout.release(timestamp)) == .folder,
                let release = try ports.state.release(timestamp)
            else { continue }
            let backup = backups.first { $0.release == timestamp && $0.verified != .no }
            let one = RollbackCandidate(release: release, backup: backup, isCurrent: timestamp == current)
            found.append(one)
            if isFound(one) { break }
        }
        return found
    }

    /// Resolves a release's, a deployment's or a backup's timestamp, or `previous`.
    func resolve(_ text: String) throws(DeployError) -> RollbackCandidate {
        let next = "deployctl rollback --environment \(environment.name)"
        if text == "previous" {
            guard let previous = try previous() else {
                let facts = FactsCollector(site.workspace)
                guard try facts.currentRelease(of: environment.name) != nil else {
                    throw DeployError(
                        .notFound, what: "Nothing is deployed to \(environment.name)",
                        why: "no deployment has succeeded there",
                        next: facts.wayToFirstRelease(of: environment))
                }
                throw DeployError(
                    .notFound, what: "There is no earlier release in \(environment.name)",
                    why: "a rollback needs a release that ran well before the current one", next: next)
            }
            try refuseVetoed(previous.release, next)
            return previous
        }
        let candidates = try self.candidates()
        let backups = try ports.state.backups(of: environment.name)
        let deployments = try ports.state.releaseMoves(of: environment.name, limit: .max)
        let names = Set(
            candidates.map(\.release.timestamp) + backups.map(\.timestamp) + deployments.map(\.timestamp))
        let found = try TimestampResolver.resolve(
            text, among: names.sorted(by: >), what: "release, deployment or backup", next: next)
        if let backup = backups.first(where: { $0.timestamp == found }) {
            return try candidate(of: backup, candidates, next)
        }
        let release = deployments.first { $0.timestamp == found }?.release ?? found
        guard let candidate = candidates.first(where: { $0.release.timestamp == release }) else {
            throw DeployError(
                .notFound, what: "Release \(release) is no longer on disk",
                why: "deployment \(found) made it current, its folder was pruned", next: next)
        }
        return candidate
    }

    /// Nobody goes on to what was rolled back from without naming it.
    private func refuseVetoed(_ release: Release, _ next: String) throws(DeployError) {
        let name = release.timestamp
        guard let veto = try ports.state.vetoes(of: name).first else { return }
        throw DeployError(
            .gateRefused, what: "The previous release, \(name), is vetoed",
            why: "by \(veto.performer): \(veto.reason); nothing was changed",
            next: "another release: \(next); this one all the same: deployctl rollback \(name)"
                + " --environment \(environment.name)")
    }

    /// The current release with the data of another moment.
    func dataTarget(_ text: String, _ facts: EnvironmentFacts) throws(DeployError) -> RollbackCandidate {
        guard let current = facts.release else {
            throw DeployError(
                .notFound, what: "Nothing is deployed to \(environment.name)",
                why: "data is restored for a release",
                next: FactsCollector(site.workspace).wayToFirstRelease(of: environment))
        }
        let backups = try ports.state.backups(of: environment.name).filter { $0.verified != .no }
        let named = try? TimestampResolver.resolve(
            text, among: backups.map(\.timestamp), what: "backup", next: "")
        if let backup = backups.first(where: { $0.timestamp == named }) {
            return RollbackCandidate(release: current, backup: backup, isCurrent: true)
        }
        let wanted = try resolve(text)
        guard let backup = wanted.backup else {
            throw DeployError(
                .notFound, what: "Release \(wanted.release.timestamp) has no backup of its data",
                why: "no proved backup was taken while it was current; nothing was changed",
                next: "deployctl backup list \(environment.name)")
        }
        return RollbackCandidate(release: current, backup: backup, isCurrent: true)
    }

    private func candidate(
        of backup: Backup, _ candidates: [RollbackCandidate], _ next: String
    ) throws(DeployError) -> RollbackCandidate {
        guard let release = candidates.first(where: { $0.release.timestamp == backup.release })?.release
        else {
            throw DeployError(
                .notFound, what: "The release of backup \(backup.timestamp) is no longer on disk",
                why:
                    "it was taken while \(backup.release.map { "release \($0)" } ?? "no release") was current",
                next:
                    "restore the data alone: deployctl backup restore \(backup.environment) \(backup.timestamp)"
            )
        }
        return RollbackCandidate(release: release, backup: backup, isCurrent: false)
    }
}

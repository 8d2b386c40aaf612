import FoundationEssentials

/// What a rollback takes back.
public enum RollbackScope: Hashable, Sendable { case codeAndData, codeOnly, dataOnly }

/// One place a rollback can go to.
public struct RollbackCandidate: Hashable, Sendable {
    public var release: Release
    /// The newest proved backup taken while it was current.
    public var backup: Backup?
    public var isCurrent: Bool
}

extension Deployer {
    /// Releases this environment ran well, newest first, each with its data.
    public func rollbackCandidates(_ environment: Environment) throws(DeployError) -> [RollbackCandidate] {
        let layout = Layout(project: project, environment: environment)
        let current = try collector.currentRelease(of: environment.name)?.timestamp
        let backups = try ports.state.backups(of: environment.name)
        var seen: [Timestamp] = []
        var found: [RollbackCandidate] = []
        for deployment in try ports.state.deployments(of: environment.name, limit: 1000)
        where deployment.outcome == .succeeded && deployment.kind.movesRelease {
            guard let timestamp = deployment.release, !seen.contains(timestamp) else { continue }
            seen.append(timestamp)
            guard let release = try ports.state.release(timestamp),
                ports.files.kind(of: layout.release(timestamp)) == .folder
            else { continue }
            let backup = backups.first { $0.release == timestamp && $0.verified != .no }
            found.append(RollbackCandidate(release: release, backup: backup, isCurrent: timestamp == current))
        }
        return found
    }

    /// What a person asked to go back to.
    public struct RollbackRequest: Sendable {
        public var target: String
        public var scope: RollbackScope
        public var skipsSafetyBackup: Bool

        public init(target: String, scope: RollbackScope, skipsSafetyBackup: Bool) {
            self.target = target
            self.scope = scope
            self.skipsSafetyBackup = skipsSafetyBackup
        }
    }

    /// Brings an earlier release and its data back as one.
    public func rollback(
        _ name: String, _ request: RollbackRequest, confirm: String?, show: (Proposal) -> Void
    ) throws(DeployError) -> Result {
        if let earlier = try earlier() { return earlier }
        let environment = try definitions.load(name)
        if environment.promotion != nil { try refuseHooks() }
        return try locked(name, for: "deployctl rollback") { () throws(DeployError) in
            try Recovery(deployer: self).settleBefore(environment)
            let proposal = try rollbackProposal(environment, request)
            show(proposal)
            let approval = try Confirmation(ports: ports, origin: origin, given: confirm).obtain(
                environment.confirmation, plan: proposal.planID,
                question: "roll \(name) back to \(proposal.draft.release ?? "")")
            let again = try rollbackProposal(try definitions.load(name), request)
            try refuseChange(proposal, again)
            return try carryOut(again.draft, approval: approval)
        }
    }

    /// The plan of a rollback, with what it would lose.
    public func rollbackProposal(
        _ environment: Environment, _ request: RollbackRequest
    ) throws(DeployError) -> Proposal {
        var facts = try collector.collect(environment)
        try preflight(facts.environment)
        facts.skipsSafetyBackup = request.skipsSafetyBackup
        facts = try withSource(facts)
        let target =
            try request.scope == .dataOnly
            ? dataTarget(request.target, environment, facts) : resolve(request.target, in: environment)
        let data = try dataHalf(target, request.scope, facts)
        if data == nil && facts.release?.timestamp == target.release.timestamp && facts.servingRuns {
            throw DeployError(
                .notFound, what: "Release \(target.release.timestamp) is current already",
                why: "and no data is to be restored", next: "deployctl history \(environment.name)")
        }
        if data == nil {
            try refuseOpenMigrations(target.release, facts)
        } else if let data, request.scope == .dataOnly {
            try refuseNewerData(data, target.release, facts)
        }
        let kind: Deployment.Kind = request.scope == .dataOnly ? .restore : .rollback
        var proposal = Proposal(
            draft: PlanDraft(kind: kind, facts: facts, goal: .rollback(target.release, data: data)),
            notices: try notices(target, data, facts))
        proposal.notices += proposal.draft.fillingNotices
        proposal.undoneCommits = commits(from: target.release, to: facts.release, environment)
        return proposal
    }

    /// Resolves a release's, a deployment's or a backup's timestamp, or `previous`.
    func resolve(_ text: String, in environment: Environment) throws(DeployError) -> RollbackCandidate {
        let candidates = try rollbackCandidates(environment)
        let next = "deployctl rollback --environment \(environment.name)"
        if text == "previous" {
            guard let previous = candidates.first(where: { !$0.isCurrent }) else {
                throw DeployError(
                    .notFound, what: "There is no earlier release in \(environment.name)",
                    why: "a rollback needs a release that ran well before the current one", next: next)
            }
            return previous
        }
        let backups = try ports.state.backups(of: environment.name)
        let deployments = try ports.state.deployments(of: environment.name, limit: 1000)
            .filter { $0.outcome == .succeeded && $0.kind.movesRelease }
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

    /// The current release with the data of another moment.
    private func dataTarget(
        _ text: String, _ environment: Environment, _ facts: EnvironmentFacts
    ) throws(DeployError) -> RollbackCandidate {
        guard let current = facts.release else {
            throw DeployError(
                .notFound, what: "Nothing is deployed to \(environment.name)",
                why: "data is restored for a release",
                next: "deployctl \(environment.name)")
        }
        let backups = try ports.state.backups(of: environment.name).filter { $0.verified != .no }
        let named = try? TimestampResolver.resolve(
            text, among: backups.map(\.timestamp), what: "backup", next: "")
        if let backup = backups.first(where: { $0.timestamp == named }) {
            return RollbackCandidate(release: current, backup: backup, isCurrent: true)
        }
        return RollbackCandidate(
            release: current, backup: try resolve(text, in: environment).backup, isCurrent: true)
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

    /// The backup to restore; refuses when data is wanted and there is none.
    private func dataHalf(
        _ target: RollbackCandidate, _ scope: RollbackScope, _ facts: EnvironmentFacts
    ) throws(DeployError) -> Backup? {
        guard scope != .codeOnly, facts.environment.keepsData else { return nil }
        guard let backup = target.backup else {
            throw DeployError(
                .notFound, what: "Release \(target.release.timestamp) has no backup of its data",
                why: "no proved backup was taken while it was current; nothing was changed",
                next:
                    "code alone: deployctl rollback \(target.release.timestamp) --code-only --environment \(facts.environment.name)"
            )
        }
        let layout = Layout(project: project, environment: facts.environment)
        let reader = backupReader(facts.environment)
        let proof = try reader.prove(in: layout.backup(backup.timestamp), verification: .checksum)
        guard proof.digest == backup.sha256, proof.manifest.environment == facts.environment.name else {
            throw DeployError(
                .backupFailed, what: "Backup \(backup.timestamp) is not the one that was proved",
                why: "its manifest differs from the recorded one; nothing was changed",
                next: "deployctl backup list \(facts.environment.name)")
        }
        guard facts.environment.database == nil || proof.manifest.database != nil else {
            throw DeployError(
                .backupFailed, what: "Backup \(backup.timestamp) holds no database",
                why: "\(facts.environment.name) has one, and files do not come back without their rows",
                next: "deployctl backup list \(facts.environment.name)")
        }
        return backup
    }

    /// Old code on a newer schema is allowed only with a reason.
    private func refuseOpenMigrations(_ release: Release, _ facts: EnvironmentFacts) throws(DeployError) {
        guard case .directory(let directory) = facts.environment.migrations,
            facts.environment.database?.fresh == false,
            origin.reason == nil
        else { return }
        let layout = Layout(project: project, environment: facts.environment)
        let known = try MigrationFolder(files: ports.files).read(
            "\(layout.release(release.timestamp))/\(directory)")
        let newer = facts.recordedMigrations.filter { name in !known.contains { $0.name == name } }
        guard !newer.isEmpty else { return }
        throw DeployError(
            .gateRefused, what: "Migrations lie between the current release and \(release.timestamp)",
            why:
                "the database has \(newer.joined(separator: ", ")), that release does not know them; nothing was changed",
            next: "roll the data back too, or say why the code runs on it: --code-only --reason TEXT")
    }

    /// Data that another release has migrated further does not fit the current code.
    private func refuseNewerData(
        _ data: Backup, _ release: Release, _ facts: EnvironmentFacts
    ) throws(DeployError) {
        guard case .directory(let directory) = facts.environment.migrations else { return }
        let layout = Layout(project: project, environment: facts.environment)
        let files = try MigrationFolder(files: ports.files).read(
            "\(layout.release(release.timestamp))/\(directory)")
        let (manifest, _) = try backupReader(facts.environment).manifest(in: layout.backup(data.timestamp))
        do throws(DeployError) {
            _ = try MigrationOrder.pending(files: files, recorded: manifest.database?.migrations ?? [])
        } catch {
            throw DeployError(
                .gateRefused,
                what: "The data of backup \(data.timestamp) does not fit release \(release.timestamp)",
                why: "\(error.why); nothing was changed",
                next:
                    "bring its release back too: deployctl rollback \(data.timestamp) --environment \(facts.environment.name)"
            )
        }
    }

    private func notices(
        _ target: RollbackCandidate, _ data: Backup?, _ facts: EnvironmentFacts
    ) throws(DeployError) -> [String] {
        guard let data else { return ["the data stays as it is"] }
        let layout = Layout(project: project, environment: facts.environment)
        let reader = backupReader(facts.environment)
        let (manifest, _) = try reader.manifest(in: layout.backup(data.timestamp))
        var lines = ["data of backup \(data.timestamp), taken \(UTC.rfc3339(data.createdAt)), comes back"]
        if let database = facts.database, let part = manifest.database {
            let now = try ports.databases.engine(for: layout).summarise(database)
            lines += DataLoss.sentences(now: now, then: part.summary)
        }
        lines += try folderNotices(manifest, data, layout, reader)
        let undone = facts.recordedMigrations.filter { name in
            manifest.database?.migrations.contains { $0.name == name } == false
        }
        if !undone.isEmpty { lines.append("migrations undone: \(undone.joined(separator: ", "))") }
        lines.append(
            facts.skipsSafetyBackup ? "no safety backup is taken" : "a safety backup of now is taken first")
        return lines
    }

    private func folderNotices(
        _ manifest: BackupManifest, _ data: Backup, _ layout: Layout, _ reader: BackupReader
    ) throws(DeployError) -> [String] {
        var lines: [String] = []
        for name in layout.environment.sharedFolders {
            guard let part = manifest.folders.first(where: { $0.name == name }) else {
                lines.append("\(name) is not in the backup and stays as it is")
                continue
            }
            guard layout.environment.backup.folders.contains(name) else {
                lines.append("\(name) is no longer in \"backup.include\" and stays as it is")
                continue
            }
            let live = SharedFolder.place(of: name, in: layout, ports.files)
            guard ports.files.kind(of: live) == .folder else { continue }
            let now = try ports.files.content(of: live, hashing: false)
            let then = try reader.listing(of: part, in: layout.backup(data.timestamp))
            lines += DataLoss.sentences(folder: name, now: now, then: then)
        }
        return lines
    }

    func resolveRelease(_ text: String) throws(DeployError) -> Release {
        let known = try ports.state.releases()
        let found = try TimestampResolver.resolve(
            text, among: known.map(\.timestamp), what: "release", next: "deployctl history")
        guard let release = known.first(where: { $0.timestamp == found }) else {
            throw DeployError(
                .notFound, what: "No release \(found)", why: "it is not recorded", next: "deployctl history")
        }
        return release
    }
}

/// What going back to a backup would lose, table by table; pure.
public enum DataLoss {
    /// One sentence for people; what comes back equal is not mentioned.
    public static func sentences(now: DatabaseSummary, then: DatabaseSummary) -> [String] {
        let before = Dictionary(then.tables.map { ($0.name, $0) }) { first, _ in first }
        let changes = now.tables.filter { $0.name != AppliedMigration.table }.compactMap { table -> String? in
            guard let old = before[table.name] else { return "\(table.name) (new table, \(table.rows) rows)" }
            if table.rows != old.rows {
                return "\(table.name) \(table.rows > old.rows ? "+" : "")\(table.rows - old.rows) rows"
            }
            return table.digest == old.digest ? nil : "\(table.name) (rows changed)"
        }
        return changes.isEmpty
            ? ["nothing was written since"] : ["lost, written since: \(changes.joined(separator: ", "))"]
    }

    /// The same for a folder, by names and sizes.
    public static func sentences(folder: String, now: FolderContent, then: FolderContent) -> [String] {
        let changes = now.bySize.changes(since: then.bySize)
        let counted = [
            (changes.added.count, "that came since go"), (changes.removed.count, "come back"),
            (changes.changed.count, "of another size get their old content"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return [
            "\(folder): \(counted.isEmpty ? "the same names and sizes" : counted.joined(separator: ", "))"
        ]
    }
}

extension FolderContent {
    /// Without digests and modes.
    fileprivate var bySize: FolderContent {
        FolderContent(
            entries: entries.filter { $0.kind != .folder }.map { entry in
                guard case .file(let bytes, _) = entry.kind else { return entry }
                return Entry(path: entry.path, kind: .file(bytes: bytes, sha256: ""), mode: 0)
            })
    }
}

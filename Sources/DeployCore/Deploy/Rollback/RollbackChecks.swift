/// Whether a rollback may go where it is asked to.
struct RollbackChecks {
    let site: Site
    let facts: EnvironmentFacts
    /// Why the person goes back, as they said it.
    let reason: String?

    private var layout: Layout { site.layout }
    private var reader: BackupReader { BackupReader(site) }

    /// A backup that was proved once and is not what it was, or not there, is no backup that was never made.
    private func refuseDamaged(_ release: Release) throws(DeployError) {
        let name = facts.environment.name
        let taken = try site.ports.state.backups(of: name).first { $0.release == release.timestamp }
        guard let taken, taken.verified == .no else { return }
        throw DeployError(
            .backupFailed,
            what: "The backup of release \(release.timestamp), \(taken.timestamp), is damaged or gone",
            why: "it was proved when it was made, and is not what it was; nothing was changed",
            next: "bring back its copy, then deployctl backup verify \(name) \(taken.timestamp); code alone: "
                + "deployctl rollback \(release.timestamp) --code-only --environment \(name) --reason TEXT")
    }

    /// The backup to restore; refuses when data is wanted and there is none.
    func dataHalf(_ target: RollbackCandidate, _ scope: RollbackScope) throws(DeployError) -> Backup? {
        guard scope != .codeOnly, facts.environment.keepsData else { return nil }
        guard let backup = target.backup else {
            try refuseDamaged(target.release)
            throw DeployError(
                .notFound, what: "Release \(target.release.timestamp) has no backup of its data",
                why: "no proved backup was taken while it was current; nothing was changed",
                next: "code alone: \(try codeAlone(target.release).command)")
        }
        let proof = try usable(backup)
        guard proof.manifest.environment == facts.environment.name else {
            throw DeployError(
                .backupFailed, what: "Backup \(backup.timestamp) is not of \(facts.environment.name)",
                why: "it holds data of \(proof.manifest.environment); nothing was changed",
                next: "deployctl backup list \(facts.environment.name)")
        }
        guard facts.environment.database == nil || proof.manifest.database != nil else {
            throw DeployError(
                .backupFailed, what: "Backup \(backup.timestamp) holds no database",
                why: "\(facts.environment.name) has one, and files do not come back without their rows",
                next: "deployctl backup list \(facts.environment.name)")
        }
        try refuseLocked(backup)
        return backup
    }

    /// A spoilt one of which a copy was made is not lost yet.
    private func usable(_ backup: Backup) throws(DeployError) -> BackupReader.Proof {
        let folder = layout.backup(backup.timestamp)
        do throws(DeployError) {
            return try reader.prove(in: folder, recorded: backup.sha256, verification: .checksum)
        } catch {
            guard error.isDamage else { throw error }
            let next = backup.wayBack(to: folder) ?? error.next
            throw DeployError(
                error.code, what: error.what, why: "\(error.why); nothing was changed", next: next,
                isDamage: true)
        }
    }

    /// Nothing is held, stopped or backed up for a backup that nobody here can open.
    private func refuseLocked(_ backup: Backup) throws(DeployError) {
        let missing = BackupKeys(site).missing(for: [backup])[backup.timestamp]
        guard let missing else { return }
        throw DeployError(
            .backupFailed, what: "Backup \(backup.timestamp) cannot be opened on this machine",
            why: "it needs a key: \(missing.key); \(missing.why); nothing was changed",
            next: "\(missing.next), then run it again")
    }

    private func codeAlone(_ release: Release) throws(DeployError) -> WayBack {
        WayBack(
            to: release.timestamp, in: facts.environment.name, undoes: false, isCodeOnly: true,
            needsReason: try migrationGap(release)?.isEmpty == false)
    }

    /// Code on another schema than its own is allowed only with a reason.
    func refuseOpenMigrations(_ target: RollbackCandidate) throws(DeployError) {
        let release = target.release
        guard reason == nil, let gap = try migrationGap(release), !gap.isEmpty else { return }
        let whole = WayBack(to: release.timestamp, in: facts.environment.name, undoes: false).command
        throw DeployError(
            .gateRefused, what: "Migrations lie between the current release and \(release.timestamp)",
            why: "\(gap.sentence); nothing was changed",
            next: (target.backup == nil ? "" : "\(whole), for code and data; or ")
                + "say why the code runs on it: \(try codeAlone(release).command)")
    }

    /// How the live database differs from what a release expects; nil where only the project's tool knows.
    ///
    /// Where it cannot be asked, it may have what any release brought that ever served and is there still.
    func migrationGap(_ release: Release) throws(DeployError) -> MigrationGap? {
        guard facts.environment.database?.fresh == false else { return MigrationGap() }
        switch facts.environment.migrations {
        case nil: return MigrationGap()
        case .command: return nil
        case .directory(let directory):
            let known = try migrations(of: release.timestamp, in: directory)
            let there = facts.unasked ? try broughtByReleases(in: directory) : nil
            let recorded = there ?? facts.recordedMigrations
            return MigrationGap(
                unknown: recorded.filter { !known.contains($0) },
                missing: known.filter { !recorded.contains($0) },
                witness: there == nil ? "the database" : "what served here")
        }
    }

    private func broughtByReleases(in directory: String) throws(DeployError) -> [String] {
        let onDisk = Set(site.ports.files.names(in: layout.releases).compactMap { Timestamp(digits: $0) })
        let moves = try site.ports.state.releaseMoves(of: facts.environment.name, to: onDisk)
        var found: [String] = []
        for release in Set(moves.compactMap(\.release)).sorted()
        where site.ports.files.kind(of: layout.release(release)) == .folder {
            found += try migrations(of: release, in: directory).filter { !found.contains($0) }
        }
        return found
    }

    private func migrations(of release: Timestamp, in directory: String) throws(DeployError) -> [String] {
        try MigrationFolder(files: site.ports.files).read(directory, beneath: layout.release(release))
            .map(\.name)
    }

    /// Data that another release has migrated further does not fit the current code.
    func refuseNewerData(_ data: Backup, _ release: Release) throws(DeployError) {
        guard case .directory(let directory) = facts.environment.migrations else { return }
        let files = try MigrationFolder(files: site.ports.files).read(
            directory, beneath: layout.release(release.timestamp))
        let manifest = try reader.manifest(in: layout.backup(data.timestamp), recorded: data.sha256)
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
}

/// Migrations between a release and the database it would run on.
struct MigrationGap {
    /// Applied, but not known to the release.
    var unknown: [String] = []
    /// Known to the release, but not applied.
    var missing: [String] = []
    /// What was asked.
    var witness = "the database"

    var isEmpty: Bool { unknown.isEmpty && missing.isEmpty }

    var sentence: String {
        let parts = [
            ("\(witness) has %, that release does not know them", unknown),
            ("that release expects %, \(witness) lacks them", missing),
        ]
        return parts.filter { !$0.1.isEmpty }
            .map { $0.0.replacing("%", by: $0.1.joined(separator: ", ")) }.joined(separator: "; ")
    }
}

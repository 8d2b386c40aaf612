import FoundationEssentials

/// Runs the pending migrations on a copy restored from the backup, before the live database is touched.
struct RehearseMigrations: StepWork {
    static let id = "rehearse-migrations"
    var release: Timestamp
    var backup: Timestamp
    /// Whether the proof of this run restored it already; nil in plans of older versions.
    var isRestored: Bool?

    init(release: Timestamp, backup: Timestamp, isRestored: Bool) {
        (self.release, self.backup) = (release, backup)
        self.isRestored = isRestored ? true : nil
    }

    var title: String { "Rehearse the migrations on the restored backup" }

    func programs(in layout: Layout) -> [ProgramCall] {
        let restoring =
            BackupEncryptor.programsOpening(by: layout.environment.backup.encryption, in: layout)
            + BackupReader.programs(restoring: layout.database(.rehearsal(backup)), [], in: layout)
        return (isRestored == true ? restoring.when("the run was interrupted since the proof") : restoring)
            + Migrator.programs(for: release, in: layout)
            + RehearsedBackup.programs(backup, in: layout).when("a migration is pending")
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let reader = context.backupReader
        let folder = context.layout.backup(backup)
        let manifest = try reader.manifest(in: folder, recorded: try context.recorded(backup).sha256)
        guard let scratch = context.layout.database(.rehearsal(backup)), let part = manifest.database else {
            return "no database"
        }
        if !context.run.take(compared: scratch) { try reader.restore(manifest, in: folder, to: scratch) }
        let before = try TableVersions(of: scratch, in: context.database)
        let live = try LiveDatabase(context, backedUp: part)
        let tool = Migrator(context: context, release: release)
        let wasPending = try tool.hasPending(in: scratch)
        let watch = RehearsalWatch(context: context, live: live)
        let applied = try migrate(scratch, watch, live, context)
        let warning = try live?.warningOfChange()
        let seconds = try watch.check(after: nil, left: 0)
        let after = applied?.isEmpty == true ? nil : try TableVersions(of: scratch, in: context.database)
        let rows = after == nil ? part.summary : try context.database.summarise(scratch)
        let changes = after.map { self.changes(in: rows, since: part, before, $0, context) } ?? ""
        let isPending = try tool.hasPending(in: scratch)
        if warning == nil, wasPending == true, isPending == false, changes == Self.noChange {
            throw LiveDatabase.strayed
        }
        if isPending == true { context.findings.warn(Migrator.stillPending) }
        if let after {
            let untouched = after.untouched(since: before, rows.tables, before: part.summary.tables)
            try RehearsedBackup(context: context, backup: backup).prove(sparing: untouched, live)
        }
        try context.database.remove(scratch)
        if let warning {
            context.findings.warn(warning)
            return warning
        }
        guard let applied else { return "the project's own tool ran in \(seconds) s\(changes)" }
        return applied.isEmpty ? "nothing pending" : "\(applied.count) applied in \(seconds) s\(changes)"
    }

    /// Whoever reads of a failure has to know at once that nobody but the copy has met it.
    private func migrate(
        _ scratch: DatabaseLocation, _ watch: RehearsalWatch, _ live: LiveDatabase?, _ context: StepContext
    ) throws(DeployError) -> [String]? {
        do throws(DeployError) {
            let migrator = Migrator(
                context: context, release: release, limit: context.environment.migrationLimit)
            return try migrator.migrate(scratch) { (migration, left) throws(DeployError) in
                try watch.check(after: migration.name, left: left)
            }
        } catch {
            guard [.stepFailed, .needsPerson].contains(error.code) else { throw error }
            _ = try live?.warningOfChange(after: error)
            try watch.checkEnded()
            // What a failure leaves half done in the copy goes with it.
            let next = error.code == .stepFailed ? error.next : "fix the file, commit, and run it again"
            throw DeployError(
                .stepFailed, what: "\(error.what), in the rehearsal",
                why: "\(error.why)\nonly the restored backup met it; \(live.standing)",
                next: context.environment.promotion?.from.map { "\(next), in \($0) first" } ?? next)
        }
    }

    private static let noChange = ", no change"

    /// All of them go to the run's log, the first few into the result.
    private func changes(
        in rows: DatabaseSummary, since part: BackupManifest.Database, _ before: TableVersions,
        _ after: TableVersions, _ context: StepContext
    ) -> String {
        let columns = ColumnChange.between(before.columns, after.columns)
        context.findings.add(columns)
        let changes = rows.changes(since: part.summary, columns: columns)
        for change in changes { context.note(change) }
        let shown = 6
        let more = changes.count > shown ? ", \(changes.count - shown) more" : ""
        return changes.isEmpty ? Self.noChange : ": \(changes.prefix(shown).joined(separator: ", "))\(more)"
    }

    /// Looked at again, because whoever killed the run knows nothing of what it saw.
    func trace(in context: StepContext) -> String? {
        guard let live = try? LiveDatabase(context, asBackedUp: backup) else { return nil }
        return live.change
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.backupReader.removePlain(of: backup)
        try RehearsedBackup(context: context, backup: backup).remove()
        guard let scratch = context.layout.database(.rehearsal(backup)) else { return }
        try context.database.remove(scratch)
    }
}

/// Measures a rehearsal and ends one that takes longer than the definition allows.
private struct RehearsalWatch {
    let context: StepContext
    let live: LiveDatabase?
    let began: Date

    init(context: StepContext, live: LiveDatabase?) {
        self.context = context
        self.live = live
        began = context.ports.clock.now()
    }

    /// - Returns: the seconds so far.
    /// - Throws: `.gateRefused` past the limit.
    @discardableResult
    func check(after migration: String?, left: Int) throws(DeployError) -> Double {
        let rest = left == 0 ? "" : ", with \(left) more to come"
        return try check("had passed after \(migration ?? "the migration command")\(rest)")
    }

    /// Whether what failed was ended for taking too long.
    func checkEnded() throws(DeployError) { _ = try check("had passed when what still ran was ended") }

    private func check(_ state: String) throws(DeployError) -> Double {
        let seconds = context.ports.clock.now().timeIntervalSince(began)
        let shown = seconds.rounded(toPlaces: 2)
        guard let limit = context.environment.migrationLimit, seconds > limit.seconds else { return shown }
        let name = context.environment.name
        throw DeployError(
            .gateRefused, what: "The migrations take too long for \(name)",
            why: "on the restored backup \(shown) s \(state); \"migrations.limit\" is "
                + "\(DurationText.render(limit)); \(live.standing)",
            next: "raise \"migrations.limit\" in the definition of \(name), or split the migration")
    }
}

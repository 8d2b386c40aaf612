import FoundationEssentials

/// What a person is told before a rollback.
struct RollbackOutlook {
    var notices: [String]
    /// The loss in a few words.
    var stake = ""
    /// nil where the data stays.
    var loss: RollbackLoss?
}

/// Looks at what a rollback would take away and bring back.
struct RollbackSurvey {
    let checks: RollbackChecks

    var site: Site { checks.site }
    var layout: Layout { site.layout }
    var facts: EnvironmentFacts { checks.facts }

    /// `data` is the backup that comes back; nil where the data stays.
    func outlook(
        _ release: Release, _ data: Backup?, _ scope: RollbackScope
    ) throws(DeployError) -> RollbackOutlook {
        var outlook = try dataOutlook(data)
        outlook.notices += try codeNotices(release, outlook.loss, scope)
        return outlook
    }

    private func dataOutlook(_ data: Backup?) throws(DeployError) -> RollbackOutlook {
        guard let data else {
            let unread = (facts.unreadable ?? facts.denied).map { "it could not be asked: \($0.why)" }
            return RollbackOutlook(notices: ["the data stays as it is"] + [unread].compactMap(\.self))
        }
        let manifest = try BackupReader(site).manifest(
            in: layout.backup(data.timestamp), recorded: data.sha256)
        let age = HumanText.age(of: data.createdAt, at: site.ports.clock.now())
        let measured = data.restoreSeconds.map { "; proving it took \(HumanText.duration($0))" } ?? ""
        var lines = [
            "data of backup \(data.timestamp), taken \(age) (\(UTC.rfc3339(data.createdAt))), is restored\(measured)"
        ]
        var loss = RollbackLoss()
        loss.migrations = facts.recordedMigrations.filter { name in
            manifest.database?.migrations.contains { $0.name == name } == false
        }
        var lost: [String] = []
        if let part = manifest.database {
            switch try liveRows() {
            case .counted(let now):
                lines += DataLoss.sentences(now: now, then: part.summary, migrated: !loss.migrations.isEmpty)
                loss.tables = DataLoss.tables(now: now, then: part.summary)
                lost = DataLoss.stake(now: now, then: part.summary)
            case .unread(let kind, let sentence):
                lines.append(sentence)
                loss.unread = kind
                lost = ["all rows written since, uncounted"]
            }
        }
        let folders = try folderOutlook(manifest, data)
        lines += folders.notices
        loss.folders = folders.loss?.folders ?? []
        if !loss.migrations.isEmpty {
            lines.append("migrations undone: \(loss.migrations.joined(separator: ", "))")
        }
        lines.append(
            facts.skipsSafetyBackup || loss.unread != nil
                ? "no safety backup is taken" : "a safety backup of now is taken first")
        lines += [DataRoom(site).shortage(of: facts.database)].compactMap(\.self)
        lost += loss.folders.map { "files of \(Shown.text($0, limit: 20))" }
        return RollbackOutlook(
            notices: lines, stake: DataLoss.stake(losing: lost, undoing: loss.migrations), loss: loss)
    }

    /// Whether the code alone could go back, or what it will meet when it does.
    private func codeNotices(
        _ release: Release, _ loss: RollbackLoss?, _ scope: RollbackScope
    ) throws(DeployError) -> [String] {
        guard scope != .dataOnly, facts.release?.timestamp != release.timestamp,
            let gap = try checks.migrationGap(release)
        else { return [] }
        guard gap.isEmpty else { return scope == .codeOnly ? ["the schema stays: \(gap.sentence)"] : [] }
        guard scope == .codeAndData, let loss, loss != RollbackLoss() else { return [] }
        return ["no migration lies between: with --code-only the code goes back and no data is lost"]
    }

    private func folderOutlook(
        _ manifest: BackupManifest, _ data: Backup
    ) throws(DeployError) -> RollbackOutlook {
        var lines: [String] = []
        var changed: [String] = []
        for name in layout.environment.sharedFolders {
            guard let part = manifest.folders.first(where: { $0.name == name }) else {
                lines.append("\(name) is not in the backup and stays as it is")
                continue
            }
            guard layout.environment.backup.folders.contains(name) else {
                lines.append("\(name) is no longer in \"backup.include\" and stays as it is")
                continue
            }
            let live = SharedFolder.place(of: name, in: layout, site.ports.files)
            guard site.ports.files.kind(of: live) == .folder else { continue }
            let now = try site.ports.files.content(of: live, hashing: false)
            let then = try BackupReader(site).listing(of: part, in: layout.backup(data.timestamp))
            lines += DataLoss.sentences(folder: name, now: now, then: then)
            if DataLoss.loses(now: now, then: then) { changed.append(name) }
        }
        return RollbackOutlook(notices: lines, loss: RollbackLoss(folders: changed))
    }
}

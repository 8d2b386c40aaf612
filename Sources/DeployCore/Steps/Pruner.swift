import FoundationEssentials

/// Finds and removes what no rule keeps.
public struct Pruner: Sendable {
    let site: Site

    private var ports: Ports { site.ports }
    private var layout: Layout { site.layout }

    public init(_ site: Site) { self.site = site }

    /// Says what was removed, and what stays only because no copy of it exists.
    public func prune(takingUncopied: Bool = false) throws(DeployError) -> String {
        let releases = try pruneReleases()
        let backups = try expiredBackups(takingUncopied: takingUncopied)
        try remove(backups.removable)
        try sweepLeftovers()
        let databases = try pruneDatabases()
        // What drains may read them again.
        if site.records.drained.isEmpty { try LinkedFiles(site: site).prune() }
        let plans = try OldPlans(site: site).forget(but: try keptReleases())
        let shared = try ReleaseSharing(site: site).share()
        let removed =
            counted(releases.count, "release") + counted(backups.removable.count, "backup")
            + counted(databases.count, "retired database") + counted(plans, "old plan")
        let said = removed.isEmpty ? "nothing to remove" : "removed \(removed.joined(separator: ", "))"
        let kept = counted(backups.uncopied.count, "backup").map { "; kept \($0) of which no copy exists" }
        let freed = shared > 0 ? "; \(HumanText.size(shared)) that releases have in common are kept once" : ""
        return said + freed + kept.joined()
    }

    /// Removes what a run left that did not succeed; no backup goes because of it.
    func pruneAfterFailure() throws(DeployError) {
        _ = try pruneReleases()
        try sweepLeftovers()
        _ = try pruneDatabases()
    }

    /// What `prune` starts.
    static func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .prune, in: layout)
            + DatabasePrograms(layout: layout).calls(.asking)
    }

    /// Backups that no rule keeps, newest first.
    public struct ExpiredBackups: Sendable {
        public var removable: [Backup]
        /// Those that stay because nothing of them lies elsewhere yet.
        public var uncopied: [Backup]
    }

    public func expiredBackups(takingUncopied: Bool = false) throws(DeployError) -> ExpiredBackups {
        let rules = layout.environment.backup
        let expired = try past(rules.keep)
        let uncopied = takingUncopied ? [] : BackupExpiry.uncopied(expired, rules: rules)
        let names = Set(uncopied.map(\.timestamp))
        return ExpiredBackups(
            removable: expired.filter { !names.contains($0.timestamp) }, uncopied: uncopied)
    }

    /// What is not on disk, whether moved away or on a disk that is not mounted, takes no place of what is.
    private func past(_ rules: Environment.Retention) throws(DeployError) -> [Backup] {
        let known = try ports.state.backups(of: layout.environment.name)
        let runs = try ports.state.deployments(of: layout.environment.name, limit: 1000)
        let now = BelievedTime.now(ports.clock.now(), after: runs.map(\.startedAt))
        let kept = try keptReleases()
        let present = known.filter { ports.files.kind(of: layout.backup($0.timestamp)) == .folder }
        let here = Set(present.map(\.timestamp))
        let expired = { BackupExpiry.expired($0, rules: rules, keptReleases: kept, at: now) }
        let names = Set(
            (expired(present) + expired(known).filter { !here.contains($0.timestamp) }).map(\.timestamp))
        return known.filter { names.contains($0.timestamp) }
    }

    private func keptReleases() throws(DeployError) -> Set<Timestamp> {
        let count = layout.environment.keepReleases
        let moves = try ports.state.releaseMoves(of: layout.environment.name) {
            Set($0.compactMap(\.release)).count >= count
        }
        var kept: [Timestamp] = []
        for release in moves.compactMap(\.release) where !kept.contains(release) {
            guard kept.count < count else { break }
            kept.append(release)
        }
        var set = Set(kept)
        for id in site.records.all {
            if let used = site.records.read(id)?.release {
                set.insert(used)
            }
        }
        set.formUnion(try LatelyServed(site: site).releases().compactMap { $0.move.release })
        if let running = try ports.state.unfinished(in: layout.environment.name)?.release {
            set.insert(running)
        }
        return set
    }

    /// Releases on disk that are not among those kept; one of which a rebuilt state knows no run is nobody's to remove.
    public func expiredReleases() throws(DeployError) -> [Timestamp] {
        let (kept, name) = (try keptReleases(), layout.environment.name)
        let present = ports.files.names(in: layout.releases).compactMap { Timestamp(digits: $0) }
        let expired = present.filter { !kept.contains($0) }
        let rebuilding = try ports.state.rebuildings().first { ByteText($0.environment) == ByteText(name) }
        guard !expired.isEmpty, let before = rebuilding?.newest else { return expired }
        let told = Set(try ports.state.deployments(of: name, about: Set(expired)).compactMap(\.release))
        return expired.filter { told.contains($0) || $0 > before }
    }

    private func pruneReleases() throws(DeployError) -> [Timestamp] {
        let expired = try expiredReleases()
        for release in expired {
            try layout.environment.serviceRuntime.prune(release, of: site)
            try ports.files.remove(layout.release(release))
            try ports.files.remove(layout.releaseManifest(release))
            try ports.files.remove(layout.releaseFingerprint(release))
            try ports.files.remove(layout.releaseShare(release))
            try ports.files.remove(layout.releaseAdditions(release))
            try ports.files.remove(layout.releaseStrays(release))
            try ports.files.remove(layout.buildStrays(release))
            try BuildPlace(site: site, release: release).leave()
        }
        return expired
    }

    /// What is listed is whole: a backup is off the list before anything of it goes, and the file beside it lets the
    /// next run go on where this one ended.
    private func remove(_ expired: [Backup]) throws(DeployError) {
        for backup in expired {
            let folder = layout.backup(backup.timestamp)
            if ports.files.kind(of: folder) == .folder {
                try ports.files.publish(Data(), to: folder + Self.removal)
            }
            try ports.state.markRemoved(backup.timestamp, at: ports.clock.now())
            try finishRemoval(of: folder)
        }
    }

    private static let removal = ".removal"
    private static let partial = ".partial"

    private func finishRemoval(of folder: String) throws(DeployError) {
        let leftover = folder + Self.partial
        if ports.files.kind(of: folder) == .folder { try ports.files.rename(folder, to: leftover) }
        try ports.files.remove(leftover)
        try ports.files.remove(folder + Self.removal)
    }

    private func finishRemovals() throws(DeployError) {
        for name in ports.files.names(in: layout.backups) {
            guard let backup = name.before(Self.removal).flatMap({ Timestamp(digits: String($0)) }) else {
                continue
            }
            if try ports.state.backup(backup) == nil {
                try finishRemoval(of: layout.backup(backup))
            } else {
                try ports.files.remove("\(layout.backups)/\(name)")
            }
        }
    }

    /// Half-made things of runs that are over; a run that is under way holds the lock this runs under.
    private func sweepLeftovers() throws(DeployError) {
        try finishRemovals()
        try sweepUnfinishedFiles()
        for name in ports.files.names(in: layout.releases) {
            guard let release = name.before(Self.partial).flatMap({ Timestamp(digits: String($0)) }) else {
                continue
            }
            try BuildPlace(site: site, release: release).leave()
        }
        for folder in [layout.releases, layout.backups] {
            for name in ports.files.names(in: folder) where isLeftover(name) {
                try ports.files.remove("\(folder)/\(name)")
            }
        }
        for name in ports.files.names(in: layout.root) where name.begins(with: "kept-") {
            try ports.files.remove("\(layout.root)/\(name)")
        }
        for name in ports.files.names(in: layout.edge)
        where name.begins(with: "before-") || name.begins(with: "tenant-before-") {
            try ports.files.remove("\(layout.edge)/\(name)")
        }
        for name in ports.files.names(in: layout.data) where name.begins(with: "before-") {
            try ports.files.remove("\(layout.data)/\(name)")
        }
        try site.records.sweep()
        try ports.files.remove(layout.scratch)
    }

    private func sweepUnfinishedFiles() throws(DeployError) {
        let database = layout.databaseLink.map(Path.parent) ?? layout.shared
        let own = ports.files.names(in: layout.root).map { "\(layout.root)/\($0)" }
        let instances = site.records.all.map(layout.instance)
        for folder in Set([layout.root, layout.backups, database] + own + instances).sorted()
        where ports.files.kind(of: folder) == .folder {
            try UnfinishedFiles(ports: ports).remove(in: folder)
        }
    }

    private func isLeftover(_ name: String) -> Bool {
        [Self.partial, "\(Self.partial).tar"].contains { ending in
            name.before(ending).flatMap { Timestamp(digits: String($0)) } != nil
        }
    }

    /// Where each deployment starts fresh all that is unused; elsewhere only copies made for a moment: replaced
    /// data is removed by the step that kept it.
    private func pruneDatabases() throws(DeployError) -> [String] {
        guard let database = layout.environment.database, let live = layout.database(.live),
            database.fresh || database.engine.swapsByRename,
            database.service == nil || layout.environment.serviceRuntime.hasDescribedData(at: site)
        else { return [] }
        let records = site.records
        let used = Set(records.all.compactMap { records.read($0)?.database })
        let engine = ports.databases.engine(for: layout)
        let linked = layout.databaseLink.flatMap { ports.files.linkTarget($0) }
        do throws(DeployError) {
            let unused = try engine.siblings(of: live).filter {
                !used.contains($0) && Path.name($0.name) != linked
                    && (database.fresh || DatabasePurpose.isPassing($0))
            }
            for database in unused { try engine.remove(database) }
            return unused.map(\.name)
        } catch {
            // Where the server itself is gone there is nothing to tidy up.
            guard database.service == nil || layout.environment.serviceRuntime.dataLosses(at: site).isEmpty
            else { return [] }
            throw error
        }
    }

    private func counted(_ count: Int, _ noun: String) -> [String] {
        count == 0 ? [] : ["\(count) \(noun)\(count == 1 ? "" : "s")"]
    }
}

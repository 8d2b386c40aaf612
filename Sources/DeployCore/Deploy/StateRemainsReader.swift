import FoundationEssentials

/// Finds on disk what the state knew: records of runs, releases with their manifests, logs, and backups.
struct StateRemainsReader {
    let workspace: Workspace
    let definitions: DefinitionLoader

    private var files: any FileStore { workspace.ports.files }
    private var tool: String { Layout.tool(workspace.project) }

    /// Environments that anything was ever started for.
    var environments: [String] {
        files.names(in: tool).filter { !$0.begins(with: ".") && files.kind(of: "\(tool)/\($0)") == .folder }
    }

    private var layouts: [Layout] {
        definitions.names().compactMap { try? definitions.load($0) }.map { workspace.site($0).layout }
    }

    func read() -> StateRemains {
        var remains = StateRemains()
        let layouts = layouts
        let head = auditHead
        remains.auditEnd = head.map { AuditRecord(lostAt: $0) }
        var newest: RecordedRun?
        for name in environments {
            let layout = layouts.first { ByteText($0.environment.name) == ByteText(name) }
            let found = runs(of: name, layout)
            remains.runs += found.own + found.told
            remains.doubts[name] = .some(doubt(found.own, besides: found.strange, layout))
            for run in found.own where Self.head(run) >= newest.map(Self.head) ?? 0 { newest = run }
            if let layout { remains.backups += backups(in: layout, bornOutBy: found.own.last) }
        }
        remains.runs.sort { $0.deployment.timestamp < $1.deployment.timestamp }
        remains.backups.sort { $0.timestamp < $1.timestamp }
        remains.releases = releases(besides: remains.runs.compactMap(\.release))
        (remains.vetoes, remains.holds) = (newest?.vetoes ?? [], newest?.holds ?? [])
        remains.stoodAt = newest.map(Self.head) ?? 0
        for (name, why) in newest?.doubts ?? [:] { remains.doubts[name] = why }
        if let doubt = doubt(newest: newest, head) {
            for (name, own) in remains.doubts where own == nil { remains.doubts[name] = .some(doubt) }
        }
        remains.newest = latestName(layouts, remains)
        return remains
    }

    private struct FoundRuns {
        /// With this project's mark, oldest first.
        var own: [RecordedRun] = []
        /// By what anybody could have written, oldest first.
        var told: [RecordedRun] = []
        /// Those that left no record of their own, or a damaged one.
        var strange: [Timestamp] = []
    }

    private func runs(of name: String, _ layout: Layout?) -> FoundRuns {
        let records = RunRecords(workspace: workspace, environment: name)
        var found = FoundRuns()
        for run in records.names {
            let record = records.read(run)
            if let record, record.isOurs { found.own.append(record.run) } else { found.strange.append(run) }
            if let record, !record.isOurs { found.told.append(RecordedRun(told: record.run.deployment)) }
        }
        let known = Set((found.own + found.told).map(\.deployment.timestamp))
        let logged = layout.map { ToldRuns(files: files, layout: $0).read(besides: known) } ?? []
        found.told = (found.told + logged).sorted { $0.deployment.timestamp < $1.deployment.timestamp }
        found.strange += logged.map(\.deployment.timestamp)
        let last = (found.own + found.told).filter(\.movedRelease).max {
            $0.deployment.timestamp < $1.deployment.timestamp
        }
        let serving = layout.flatMap { workspace.serving($0.environment) }
        for index in found.told.indices {
            // Nobody goes back to what only an unmarked word names: it is believed of what serves alone.
            let isLast = found.told[index].deployment == last?.deployment
            if isLast, last?.deployment.release == serving { continue }
            (found.told[index].deployment.release, found.told[index].deployment.commit) = (nil, nil)
        }
        return found
    }

    private static func head(_ run: RecordedRun) -> Int64 { AuditHead(run.audit)?.sequence ?? 0 }

    private var auditHead: AuditHead? {
        let end = (try? files.readEnd(of: Layout.auditAnchor(workspace.project), bytes: 4096)) ?? nil
        return String(decoding: end ?? Data(), as: UTF8.self).lines.reversed().lazy
            .compactMap { AuditHead($0) }.first
    }

    /// A veto, a signature or a hold may have come after the last record, which has those that stood.
    private func doubt(newest: RecordedRun?, _ end: AuditHead?) -> String? {
        guard let end else { return "audit.log is gone, so nobody knows what was done last" }
        guard let newest else { return "no run left a record" }
        let known = AuditHead(newest.audit)
        guard known != end else { return nil }
        let (sequence, run) = (known?.sequence ?? 0, "the record of run \(newest.deployment.timestamp)")
        if sequence < end.sequence {
            return "audit.log goes on to entry \(end.sequence) after the last run that left a record"
        }
        return sequence > end.sequence
            ? "audit.log ends at entry \(end.sequence), and \(run) knows entry \(sequence)"
            : "audit.log has another entry \(sequence) than \(run)"
    }

    /// Why the last move of an environment is not borne out; nil where it is.
    private func doubt(_ own: [RecordedRun], besides strange: [Timestamp], _ layout: Layout?) -> String? {
        let moves = own.filter(\.movedRelease).map(\.deployment)
        guard let last = moves.last, let release = last.release else { return "no deployment left a record" }
        if let later = strange.filter({ $0 > last.timestamp }).max() {
            return "run \(later) left no record of its own, or a damaged one"
        }
        guard let layout else { return "its definition cannot be read" }
        guard let serving = workspace.serving(layout.environment), serving != release else { return nil }
        return "the last recorded deployment made \(release) current, and \(serving) serves"
    }
}

extension StateRemainsReader {
    /// Those that no record tells of: by their manifest, and the commit that stands in them.
    private func releases(besides recorded: [Release]) -> [Release] {
        var known = Dictionary(recorded.map { ($0.timestamp, $0) }) { _, last in last }
        for name in environments {
            let folder = "\(tool)/\(name)/releases"
            for release in names(in: folder) where known[release] == nil {
                known[release] = self.release(release, in: folder)
            }
        }
        return known.values.sorted { $0.timestamp < $1.timestamp }
    }

    private func release(_ name: Timestamp, in folder: String) -> Release? {
        guard let data = (try? files.read("\(folder)/\(name).manifest")) ?? nil,
            let manifest = try? JSON.value(Manifest.self, from: data, named: "the manifest"),
            let text = (try? files.read("\(folder)/\(name)/REVISION", from: 0, limit: 100)) ?? nil,
            let commit = String(decoding: text, as: UTF8.self).before("\n").map(String.init),
            commit.utf8.count >= 40, commit.holdsOnly("0123456789abcdef")
        else { return nil }
        return Release(
            timestamp: name, commit: commit, branch: "", subject: "", digest: manifest.digest,
            performer: "unknown", createdAt: name.date)
    }

    /// A proof counts where the record of a run bears it out, for the very same manifest.
    private func backups(in layout: Layout, bornOutBy last: RecordedRun?) -> [Backup] {
        names(in: layout.backups).compactMap { name in
            guard let found = adoptable(name, in: layout) else { return nil }
            return last?.backups.first { $0.timestamp == name && $0.sha256 == found.sha256 } ?? found
        }
    }

    /// As it lies there; nil where it is none of this environment.
    private func adoptable(_ backup: Timestamp, in layout: Layout) -> Backup? {
        let folder = layout.backup(backup)
        guard let digest = try? files.digest(of: "\(folder)/\(BackupManifest.fileName)").sha256,
            let manifest = try? BackupReader(workspace.site(layout.environment))
                .manifest(in: folder, recorded: digest),
            manifest.timestamp == backup, manifest.environment == layout.environment.name,
            manifest.project == layout.environment.project
        else { return nil }
        return Backup(
            timestamp: backup, environment: manifest.environment, deployment: nil, release: manifest.release,
            bytes: manifest.bytes, sha256: digest, verified: .no, restoreSeconds: nil,
            createdAt: manifest.takenAt)
    }

    private func names(in folder: String) -> [Timestamp] {
        files.names(in: folder).compactMap { Timestamp(digits: $0) }.sorted()
    }

    private func latestName(_ layouts: [Layout], _ remains: StateRemains) -> Timestamp? {
        let folders =
            environments.flatMap { ["\(tool)/\($0)/releases", "\(tool)/\($0)/run"] }
            + layouts.flatMap { [$0.backups, $0.run] }
        let records = environments.flatMap { RunRecords(workspace: workspace, environment: $0).names }
        let logs = layouts.flatMap { ToldRuns(files: files, layout: $0).names }
        let told = remains.runs.map(\.deployment.timestamp) + remains.releases.map(\.timestamp)
        return (folders.flatMap(names) + records + logs + told).max()
    }
}

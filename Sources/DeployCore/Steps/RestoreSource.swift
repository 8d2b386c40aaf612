/// Restores another environment's backup on this environment's own server; that environment's server is not asked.
struct RestoreSource: StepWork {
    static let id = "restore-source"
    var source: BackupSource
    var location: DatabaseLocation
    /// Whether it is what the release will run on, as it is.
    var isFinal: Bool

    var title: String {
        let place = isFinal ? "as it is" : "into a scratch database"
        return "Restore backup \(source.backup) of \(source.environment) \(place)"
    }

    func programs(in layout: Layout) -> [ProgramCall] {
        BackupEncryptor.programsOpeningEarlier(by: source.encryption, in: layout)
            + BackupReader.programs(restoring: location, [], in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let reader = BackupReader(
            site(in: context), restoringInto: context.layout)
        let manifest = try reader.manifest(in: source.folder, recorded: source.digest)
        guard let part = manifest.database, manifest.environment == source.environment else {
            throw DeployError(
                .backupFailed, what: "Backup \(source.backup) holds no database of \(source.environment)",
                why: "its data is of \(manifest.environment)",
                next: "deployctl backup list \(source.environment)")
        }
        try discreetly { () throws(DeployError) in
            try reader.adopt(part, in: source.folder, to: location)
        }
        let summary = part.summary
        return "\(summary.tables.count) tables, \(summary.rows) rows, equal to the manifest"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.ports.files.remove(context.layout.plainFolder(of: source.folder))
        try context.database.remove(location)
    }

    private func site(in context: StepContext) -> Site {
        var environment = context.environment
        environment.name = source.environment
        environment.backup.directory = Path.parent(source.folder)
        environment.backup.encryption = source.encryption
        return context.site.workspace.site(environment)
    }
}

/// Does something with data that is somebody's own, and keeps values out of what is said when it fails.
func discreetly<Value>(_ body: () throws(DeployError) -> Value) throws(DeployError) -> Value {
    do throws(DeployError) { return try body() } catch {
        throw DeployError(
            error.code, what: error.what, why: Discreet.reason(error.why), next: error.next,
            isDamage: error.isDamage)
    }
}

/// What may be repeated of a database's words about a failure.
enum Discreet {
    private static let speakers = ["ERROR ", "pg_dump:", "pg_restore:", "psql:"]

    /// The lines programs begin themselves, each up to where it may quote a value.
    static func reason(_ text: String) -> String {
        let lines = text.lines
        let kept = lines.enumerated().filter { number, line in
            number == 0 || speakers.contains { line.begins(with: $0) }
        }
        return kept.map { beginning(of: $0.element) }.joined(separator: "\n")
    }

    private static func beginning(of line: Substring) -> String {
        let ends = ["'", "\"", "DETAIL:", "CONTEXT:"].compactMap { line.range(ofBytes: $0)?.lowerBound }
        let end = ends.min() ?? line.endIndex
        return end == line.endIndex ? String(line) : "\(line[..<end])…"
    }
}

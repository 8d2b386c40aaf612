import FoundationEssentials

/// Runs the project's own program that takes a backup off the machine, and fetches the copy back to compare it.
struct BackupCopier {
    let context: StepContext
    let record: Backup
    let copy: Environment.BackupRules.Copy

    static let deadline = Duration.seconds(6 * 3600)

    private var files: any FileStore { context.ports.files }
    private var folder: String { context.layout.backup(record.timestamp) }

    /// - Returns: how far it came.
    func run() throws(DeployError) -> Backup.Copied {
        try refuseStrangers()
        try run(copy.command, "The backup cannot be copied")
        try demandUnchanged()
        guard let fetch = copy.fetch else { return .copied }
        let place = context.layout.copyFolder(record.timestamp)
        try files.remove(place)
        try files.makeFolder(place)
        do throws(DeployError) {
            try run(fetch, "The copy cannot be fetched")
            try compare(try innermost(place))
        } catch {
            try files.remove(place)
            throw error
        }
        try files.remove(place)
        return .verified
    }

    /// A place of this machine that somebody else may change could lead the program's writing elsewhere, or be its code.
    private func refuseStrangers() throws(DeployError) {
        for vector in [copy.command, copy.fetch ?? []] {
            let words = Self.command(vector, of: record.timestamp, in: context.layout)?.vector ?? []
            for word in words where word.begins(with: "/") || word.begins(with: "./") {
                guard let stranger = files.stranger(on: context.layout.absolute(word)) else { continue }
                throw failure("The backup cannot be copied", "\(stranger.path) \(stranger.why)")
            }
        }
    }

    private func run(_ vector: [String], _ what: String) throws(DeployError) {
        guard let command = Self.command(vector, of: record.timestamp, in: context.layout) else {
            return
        }
        var variables = try ServiceVariables.variables(
            context, release: record.timestamp, database: nil, instance: nil)
        // Meant for the application, whose releases lie where `PATH` or the like may lead.
        for name in context.environment.variables.keys { variables[name] = nil }
        variables["DEPLOYCTL_RELEASE"] = record.release?.description
        variables["DEPLOYCTL_BACKUP"] = folder
        variables["DEPLOYCTL_STEP"] = "copy-backup"
        context.note("\(command)")
        let result = context.ports.commands.run(
            CommandRequest(
                command, in: context.layout.project, environment: variables, deadline: Self.deadline,
                outputLimit: 64 << 10, diesWithParent: true))
        context.note(outputOf: result)
        guard result.succeeded else {
            try context.checkInterruption()
            throw failure(what, "\(command) \(result.explanation)")
        }
    }

    /// A program that moves instead of copying leaves nothing to go back to: such a backup counts no more.
    private func demandUnchanged() throws(DeployError) {
        guard let complaint = try complaint(about: folder) else { return }
        var known = record
        known.verified = .no
        try context.ports.state.record(known)
        throw DeployError(
            .backupFailed, what: "Backup \(record.timestamp) is not what it was before \(copy.program) ran",
            why: "\(complaint); nobody can go back to it any more",
            next: "name a program in \"backup.copy\" that leaves \(folder) as it is, "
                + "then deployctl backup create \(context.environment.name)")
    }

    private func compare(_ place: String) throws(DeployError) {
        guard let complaint = try complaint(about: place) else { return }
        throw failure("What \(copy.program) copied is not the backup", complaint)
    }

    /// What differs from the backup as it was proved; nil when nothing does.
    private func complaint(about place: String) throws(DeployError) -> String? {
        do throws(DeployError) {
            let name = BackupManifest.fileName
            guard files.kind(of: "\(place)/\(name)") == .file else { return "\(name) is no file" }
            _ = try context.backupReader.prove(
                in: place, recorded: record.sha256, verification: .checksum)
            return nil
        } catch {
            try context.checkInterruption()
            return error.why
        }
    }

    /// Some programs bring the folder's path back with it.
    private func innermost(_ place: String) throws(DeployError) -> String {
        var place = place
        while true {
            let names = files.names(in: place)
            guard names.count == 1, files.kind(of: "\(place)/\(names[0])") == .folder else { return place }
            place += "/\(names[0])"
        }
    }

    private func failure(_ what: String, _ why: String) -> DeployError {
        let name = context.environment.name
        return DeployError(
            .backupFailed, what: what, why: why,
            next: "mend \"backup.copy\" of \(name), then deployctl backup copy \(name) \(record.timestamp)")
    }

    /// nil when there is nothing to run.
    static func command(_ vector: [String], of backup: Timestamp, in layout: Layout) -> Command? {
        let values = [
            "backup": layout.backup(backup), "timestamp": backup.description,
            "environment": layout.environment.name, "folder": layout.copyFolder(backup),
        ]
        return Command(vector: vector.map { Braces.fill($0, with: values) })
    }
}

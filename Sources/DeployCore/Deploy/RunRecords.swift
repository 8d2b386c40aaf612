/// What lies on disk of the runs of one environment, beside the state.
struct RunRecords {
    let workspace: Workspace
    /// The environment's name.
    let environment: String

    private var files: any FileStore { workspace.ports.files }
    private var state: any StateStore { workspace.ports.state }
    private var marked: MarkedRecord { MarkedRecord(files: files, project: workspace.project) }
    private var folder: String { Layout.runRecords(workspace.project, environment: environment) }

    private static let ending = ".json"

    /// So many of the newest are kept, with those of each move to a release that is still on disk.
    static let most = 100

    /// Writes down how a run ended, as the state has it, and what the state knows of moves that left no record.
    func write(_ run: Timestamp) throws(DeployError) {
        guard let deployment = try state.deployment(run) else { return }
        try write(deployment)
        let known = Set(names)
        // Of a run without a plan the state knows by what anybody could have written.
        for move in try needed() where !known.contains(move.timestamp) {
            if (try? state.plan(of: move.timestamp)) != nil { try write(move) }
        }
    }

    private func write(_ deployment: Deployment) throws(DeployError) {
        try marked.write(try RecordedRun(deployment, in: state), to: path(deployment.timestamp))
    }

    /// Removes the oldest beyond `most`; going back to what is on disk needs its record.
    func removeOldest(beyond most: Int = most) throws(DeployError) {
        let old = names.dropLast(most)
        guard !old.isEmpty else { return }
        let kept = Set(try needed().map(\.timestamp))
        for run in old where !kept.contains(run) { try files.remove(path(run)) }
    }

    /// Moves to releases that are on disk, the newest first.
    private func needed() throws(DeployError) -> [Deployment] {
        let folder = "\(Layout.tool(workspace.project))/\(environment)/releases"
        let here = Set(files.names(in: folder).compactMap { Timestamp(digits: $0) })
        return try state.releaseMoves(of: environment, to: here)
    }

    private func path(_ run: Timestamp) -> String { "\(folder)/\(run)\(Self.ending)" }

    /// Oldest first.
    var names: [Timestamp] {
        files.names(in: folder).compactMap {
            $0.before(Self.ending).flatMap { Timestamp(digits: String($0)) }
        }
        .sorted()
    }

    /// nil where it is gone, damaged, or of another run; `isOurs`: nobody else wrote it.
    func read(_ run: Timestamp) -> (run: RecordedRun, isOurs: Bool)? {
        guard let found = marked.read(RecordedRun.self, at: path(run)),
            found.value.deployment.timestamp == run, found.value.deployment.outcome != nil,
            ByteText(found.value.deployment.environment) == ByteText(environment),
            found.value.plan.map({ $0.timestamp == run }) ?? true
        else { return nil }
        return (found.value, found.isOurs)
    }
}

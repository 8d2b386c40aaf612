/// What lies on disk of the runs of one environment, beside the state.
struct RunRecords {
    let workspace: Workspace
    /// The environment's name.
    let environment: String

    private var files: any FileStore { workspace.ports.files }
    private var marked: MarkedRecord { MarkedRecord(files: files, project: workspace.project) }
    private var folder: String { Layout.runRecords(workspace.project, environment: environment) }

    private static let ending = ".json"

    /// Writes down how a run ended, as the state has it.
    func write(_ run: Timestamp) throws(DeployError) {
        guard let deployment = try workspace.ports.state.deployment(run) else { return }
        try marked.write(
            try RecordedRun(deployment, in: workspace.ports.state), to: "\(folder)/\(run)\(Self.ending)")
    }

    /// Oldest first.
    var names: [Timestamp] {
        files.names(in: folder).compactMap {
            $0.before(Self.ending).flatMap { Timestamp(digits: String($0)) }
        }
        .sorted()
    }

    /// nil where it is gone, damaged, or of another run; `isOurs`: nobody else wrote it.
    func read(_ run: Timestamp) -> (run: RecordedRun, isOurs: Bool)? {
        guard let found = marked.read(RecordedRun.self, at: "\(folder)/\(run)\(Self.ending)"),
            found.value.deployment.timestamp == run, found.value.deployment.outcome != nil,
            ByteText(found.value.deployment.environment) == ByteText(environment),
            found.value.plan.map({ $0.timestamp == run }) ?? true
        else { return nil }
        return (found.value, found.isOurs)
    }
}

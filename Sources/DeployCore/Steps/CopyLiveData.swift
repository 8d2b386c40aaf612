/// Copies the live data to a scratch database while it is read and written.
///
/// By way of a backup's payload: that is the one copy every engine takes without a person waiting for it.
struct CopyLiveData: StepWork {
    static let id = "copy-live-data"
    var source: DatabaseLocation
    var copy: DatabaseLocation

    var title: String { "Copy the live data to a scratch database" }

    func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.taking, .restoring, .asking)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let (database, files) = (context.database, context.ports.files)
        try undo(in: context)
        try files.makeFolder(folder(context))
        let payload = "\(folder(context))/\(database.payloadName)"
        let (taken, differences) = try database.differences(copying: source, to: copy, by: payload)
        try files.remove(folder(context))
        guard differences.isEmpty else {
            throw DeployError(
                .backupFailed, what: "The copy of the live data is not what was read",
                why: differences.joined(separator: "; "),
                next: "deployctl backup create \(context.environment.name), which says more")
        }
        return "\(taken.tables.count) tables, \(taken.rows) rows, equal to what was read"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.ports.files.remove(folder(context))
        try context.database.remove(copy)
    }

    private func folder(_ context: StepContext) -> String {
        "\(context.layout.scratch)/\(context.plan.timestamp).copy"
    }
}

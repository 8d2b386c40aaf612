/// Builds the new database from a backup of the masked copy, so that nothing comes along but the rows that are there.
struct BringMaskedData: StepWork {
    static let id = "bring-masked-data"
    var original: DatabaseLocation
    var masked: DatabaseLocation
    var generation: DatabaseLocation

    var title: String { "Bring the masked data to the fresh database" }

    /// The masked copy goes last: where it is gone everything was done.
    func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking, .taking, .restoring)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let (database, files) = (context.database, context.ports.files)
        try database.remove(original)
        if try !database.exists(masked), try database.exists(generation) { return "brought before" }
        let folder = payloadFolder(context)
        try files.remove(folder)
        try files.makeFolder(folder)
        try database.remove(generation)
        let rows = try discreetly { () throws(DeployError) in
            try copy(to: "\(folder)/\(database.payloadName)", database)
        }
        try files.remove(folder)
        try database.remove(masked)
        return rows
    }

    private func copy(to payload: String, _ database: any DatabaseCopying) throws(DeployError) -> String {
        do throws(DeployError) {
            try database.compact(masked)
            let (taken, differences) = try database.differences(copying: masked, to: generation, by: payload)
            guard differences.isEmpty else {
                throw DeployError(
                    .stepFailed, what: "The masked data did not arrive whole",
                    why: differences.joined(separator: "; "), next: "run deployctl staging again")
            }
            return "\(taken.tables.count) tables, \(taken.rows) rows"
        } catch {
            throw error.recast(as: .stepFailed)
        }
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.ports.files.remove(payloadFolder(context))
        try context.database.remove(generation)
    }

    private func payloadFolder(_ context: StepContext) -> String {
        "\(context.layout.scratch)/\(context.plan.timestamp)-masked"
    }
}

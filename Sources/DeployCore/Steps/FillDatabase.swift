import FoundationEssentials

/// Makes an empty database beside the live one and runs a SQL file of the release in it.
struct FillDatabase: StepWork {
    static let id = "fill-database"
    var release: Timestamp
    var file: String
    var generation: DatabaseLocation

    var title: String { "Fill a fresh database from \(file)" }

    func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let file = try context.sqlFile(file, of: release)
        try context.database.remove(generation)
        try context.database.create(generation)
        try context.database.run(file, in: generation)
        return "\(file.name) ran"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.database.remove(generation)
    }
}

extension StepContext {
    /// A file of SQL as the release has it.
    func sqlFile(_ name: String, of release: Timestamp, isDiscreet: Bool = false) throws(DeployError)
        -> SQLFile
    {
        guard let data = try ports.files.read(name, beneath: layout.release(release)) else {
            throw DeployError(
                .stepFailed, what: "Release \(release) has no file \(name)",
                why: "\"database.fresh\" of \(environment.name) names it",
                next: "commit the file, or correct the definition")
        }
        return SQLFile(name: name, sql: String(decoding: data, as: UTF8.self), isDiscreet: isDiscreet)
    }
}

/// Makes an empty database beside the live one.
struct CreateDatabase: StepWork {
    static let id = "create-database"
    var generation: DatabaseLocation

    var title: String { "Create a fresh database" }

    func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try context.database.remove(generation)
        try context.database.create(generation)
        return "empty"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.database.remove(generation)
    }
}

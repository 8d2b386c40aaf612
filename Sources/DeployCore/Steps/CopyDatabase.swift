/// Makes the copy that answers reads while the data is replaced.
struct CopyDatabase: StepWork {
    static let id = "copy-database"
    var source: DatabaseLocation
    var copy: DatabaseLocation

    var title: String { "Copy the new data for reads during the swap" }

    func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking, .copying)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try context.database.remove(copy)
        try context.database.copy(source, to: copy)
        return copy.name
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.database.remove(copy)
    }
}

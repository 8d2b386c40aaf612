/// Makes an empty database beside the live one.
public struct CreateDatabase: StepWork {
    public static let id = "create-database"
    public var generation: DatabaseLocation

    public init(generation: DatabaseLocation) { self.generation = generation }

    public var title: String { "Create a fresh database" }

    public func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        try context.database.remove(generation)
        try context.database.create(generation)
        return "empty"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try context.database.remove(generation)
    }
}

/// Makes the copy that answers reads while the data is replaced.
public struct CopyDatabase: StepWork {
    public static let id = "copy-database"
    public var source: DatabaseLocation
    public var copy: DatabaseLocation

    public init(source: DatabaseLocation, copy: DatabaseLocation) {
        self.source = source
        self.copy = copy
    }

    public var title: String { "Copy the new data for reads during the swap" }

    public func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking, .copying)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        try context.database.remove(copy)
        try context.database.copy(source, to: copy)
        return copy.name
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try context.database.remove(copy)
    }
}

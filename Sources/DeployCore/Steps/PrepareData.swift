/// Makes sure that the shared folders and the database are there before anything uses them.
public struct PrepareData: StepWork {
    public static let id = "prepare-data"
    /// Where the database is made, or where an existing plain file is moved to.
    public var generation: DatabaseLocation?

    public init(generation: DatabaseLocation?) { self.generation = generation }

    public var title: String { "Prepare shared folders\(generation == nil ? "" : " and the database")" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let (files, layout) = (context.ports.files, context.layout)
        for folder in context.environment.sharedFolders { try files.makeFolder("\(layout.shared)/\(folder)") }
        guard let generation, let link = layout.databaseLink else { return "ready" }
        try files.makeFolder(Path.parent(link))
        if files.kind(of: link) == .file {
            try files.rename(link, to: generation.path)
        } else if !context.ports.database.exists(generation) {
            try context.ports.database.create(generation)
        }
        try files.pointLink(link, to: Path.name(generation.path))
        return "ready"
    }
}

/// Makes sure that the shared folders and the database are there before anything uses them.
struct PrepareData: StepWork {
    static let id = "prepare-data"
    /// Where the database is made, or where an existing plain file is moved to.
    var generation: DatabaseLocation?
    /// Whether this is the environment's first database.
    var isNew: Bool

    var title: String { "Prepare shared folders\(generation == nil ? "" : " and the database")" }

    func programs(in layout: Layout) -> [ProgramCall] {
        generation == nil ? [] : DatabasePrograms(layout: layout).calls(.asking)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let (files, layout) = (context.ports.files, context.layout)
        for folder in context.environment.sharedFolders { try files.makeFolder("\(layout.shared)/\(folder)") }
        try AccountFolders(site: context.site).open()
        guard let generation else { return "ready" }
        guard let link = layout.databaseLink else {
            if try context.database.exists(generation) { return "ready" }
            try context.database.create(generation)
            return "made an empty database"
        }
        try files.makeFolder(Path.parent(link))
        if files.kind(of: link) == .file {
            try files.rename(link, to: generation.name)
        } else if try !context.database.exists(generation) {
            try context.database.create(generation)
        }
        try files.pointLink(link, to: Path.name(generation.name))
        return "ready"
    }

    /// A server's database is never dropped: nobody can say that nothing was in it before.
    func undo(in context: StepContext) throws(DeployError) {
        guard isNew, let generation, let link = context.layout.databaseLink,
            context.ports.files.linkTarget(link) == Path.name(generation.name), try !context.cutOverBegan()
        else { return }
        try context.ports.files.remove(link)
        try context.database.remove(generation)
    }
}

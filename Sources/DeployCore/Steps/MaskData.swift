/// Copies the restored data and runs the release's mask files on the copy.
struct MaskData: StepWork {
    static let id = "mask-data"
    var release: Timestamp
    var files: [String]
    var original: DatabaseLocation
    var masked: DatabaseLocation

    var title: String { "Mask a copy of it with \(files.joined(separator: ", "))" }

    func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.copying, .asking)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        var scripts: [SQLFile] = []
        for file in files { scripts.append(try context.sqlFile(file, of: release, isDiscreet: true)) }
        try context.database.remove(masked)
        try discreetly { () throws(DeployError) in try context.database.copy(original, to: masked) }
        for script in scripts {
            try context.checkInterruption()
            context.note(script.name)
            try context.database.run(script, in: masked)
        }
        return scripts.count == 1 ? "1 file ran" : "\(scripts.count) files ran"
    }

    func undo(in context: StepContext) throws(DeployError) { try context.database.remove(masked) }
}

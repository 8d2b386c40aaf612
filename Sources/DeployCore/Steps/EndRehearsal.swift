/// Stops what was started for a rehearsal and removes its data.
///
/// Taking it back is for the steps that made both: nothing of them is wanted again.
struct EndRehearsal: StepWork {
    static let id = "end-rehearsal"
    var instance: String
    var copy: DatabaseLocation?

    var title: String { copy == nil ? "Stop it" : "Stop it and remove the copy" }

    func programs(in layout: Layout) -> [ProgramCall] {
        ServiceRuntimes.programsEnding(instance, startedBy: nil, in: layout)
            + (copy == nil ? [] : DatabasePrograms(layout: layout).calls(.asking))
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try InstanceStopper(context: context).stop(instance)
        if let copy { try context.database.remove(copy) }
        return copy == nil ? "stopped" : "stopped, \(Path.name(copy?.name ?? "")) removed"
    }
}

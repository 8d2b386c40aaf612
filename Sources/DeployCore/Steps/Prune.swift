import FoundationEssentials

/// Removes what no rule keeps: old releases, backups past retention, retired databases, leftovers.
struct Prune: StepWork {
    static let id = "prune"

    var title: String { "Prune" }

    func programs(in layout: Layout) -> [ProgramCall] {
        Pruner.programs(in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try InstanceStopper(context: context).endStrays()
        return try Pruner(context.site).prune()
    }

    var failure: FailurePolicy { .warn }
}

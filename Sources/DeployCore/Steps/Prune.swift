import FoundationEssentials

/// Removes what no rule keeps: old releases, backups past retention, retired databases, leftovers.
public struct Prune: StepWork {
    public static let id = "prune"

    public init() {}

    public var title: String { "Prune" }

    public func programs(in layout: Layout) -> [ProgramCall] {
        Pruner.programs(in: layout)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        try Pruner(context.site).prune()
    }

    public var failure: FailurePolicy { .warn }
}

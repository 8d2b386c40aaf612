/// Makes sure that the edge holds the public ports with the definition's configuration.
struct OpenEdge: StepWork {
    static let id = "open-edge"
    /// Whether something served before; without it, taking this back closes the edge.
    var servedBefore: Bool

    var title: String { "Open the edge" }

    func programs(in layout: Layout) -> [ProgramCall] { Edge.programs(in: layout) }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try Edge(context: context).open()
    }

    func stands(in context: StepContext) -> Bool { Edge(context: context).running != nil }

    func undo(in context: StepContext) throws(DeployError) {
        let edge = Edge(context: context)
        if servedBefore { try edge.reopenAsBefore() } else { try edge.close() }
    }
}

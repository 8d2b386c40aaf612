/// Makes sure that the edge holds the public ports with the definition's configuration.
public struct OpenEdge: StepWork {
    public static let id = "open-edge"
    /// Whether something served before; without it, taking this back closes the edge.
    public var servedBefore: Bool

    public init(servedBefore: Bool) { self.servedBefore = servedBefore }

    public var title: String { "Open the edge" }

    public func programs(in layout: Layout) -> [ProgramCall] { Edge.programs(in: layout) }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        try Edge(context: context).open()
    }

    public func undo(in context: StepContext) throws(DeployError) {
        let edge = Edge(context: context)
        if servedBefore { try edge.reopenAsBefore() } else { try edge.close() }
    }
}

/// Gives the public ports back.
public struct CloseEdge: StepWork {
    public static let id = "close-edge"

    public init() {}

    public var title: String { "Close the edge" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        try Edge(context: context).close()
        return "the ports are free"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        _ = try Edge(context: context).open()
    }
}

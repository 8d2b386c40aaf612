/// Gives the public ports back.
struct CloseEdge: StepWork {
    static let id = "close-edge"

    var title: String { "Close the edge" }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try Edge(context: context).close()
        return "the ports are free"
    }

    func undo(in context: StepContext) throws(DeployError) {
        _ = try Edge(context: context).open()
    }
}

/// The instant traffic, and with it the data, moves to the new instance.
struct CutOver: StepWork {
    static let id = "cut-over"
    var next: Serving
    var previous: Serving?
    /// Whether the project's own tool has moved traffic already; nil: it has not.
    var follows: Bool?

    init(to next: Serving, from previous: Serving?, following: Bool = false) {
        self.next = next
        self.previous = previous
        follows = following ? true : nil
    }

    var title: String {
        follows == true
            ? "Record that release \(next.release) serves, as the project's own tool has it"
            : "Cut traffic over to release \(next.release)"
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try point(to: next, in: context)
        return "deployment \(next.instance) serves"
    }

    func undo(in context: StepContext) throws(DeployError) {
        if let previous { return try point(to: previous, in: context) }
        try CurrentInstance(context: context).remove()
        try context.ports.files.remove(context.layout.currentRelease)
    }

    private func point(to serving: Serving, in context: StepContext) throws(DeployError) {
        let (files, layout) = (context.ports.files, context.layout)
        try CurrentInstance(context: context).point(to: serving.instance) { () throws(DeployError) in
            try files.pointLink(layout.currentRelease, to: "releases/\(serving.release)")
            if let database = serving.database, let link = layout.databaseLink {
                try files.pointLink(link, to: Path.name(database.name))
            }
        }
    }
}

extension StepContext {
    /// Whether traffic may have reached what this plan made, so that something may have been written.
    func cutOverBegan() throws(DeployError) -> Bool {
        let first = environment.runtime.strategy == .ownTool ? [CutOver.id, StartInstance.id] : [CutOver.id]
        return try ports.state.steps(of: plan.timestamp).contains { first.contains($0.step) }
    }
}

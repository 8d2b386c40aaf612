import FoundationEssentials

/// Whom the edge asks: a link that it follows with each new connection, and what it keeps connections to until that moves.
struct CurrentInstance {
    let context: StepContext

    private var files: any FileStore { context.ports.files }
    private var layout: Layout { context.layout }

    /// Moves the link and then what goes with it; returns once nothing that is asked from now on is answered by another instance.
    func point(to id: String, moving others: () throws(DeployError) -> Void = {}) throws(DeployError) {
        try files.remove(layout.departure(of: id))
        try files.pointLink(layout.currentInstance, to: id)
        try others()
        try leave(except: id)
    }

    /// Nobody is asked any more.
    func remove() throws(DeployError) {
        try files.remove(layout.currentInstance)
        try leave(except: nil)
    }

    /// All of them, as whoever was killed between the two may have moved the link.
    private func leave(except id: String?) throws(DeployError) {
        for other in context.site.records.all where other != id {
            let mark = layout.departure(of: other)
            guard files.kind(of: mark) == nil else { continue }
            do throws(DeployError) { try files.publish(Data(), to: mark) } catch {
                // Its keeper ended it meanwhile.
                if files.kind(of: layout.instance(other)) != nil { throw error }
            }
        }
    }
}

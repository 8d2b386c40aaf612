/// Whom the edge asks, by a link that it follows with each new connection.
struct CurrentInstance {
    let context: StepContext

    /// Moves the link and then what goes with it; returns once the instance that `left` names, and the one the link led to, are
    /// asked nothing more.
    func point(
        to id: String, leaving left: String?, moving others: () throws(DeployError) -> Void = {}
    ) throws(DeployError) {
        let (files, link) = (context.ports.files, context.layout.currentInstance)
        let before = files.linkTarget(link)
        try files.pointLink(link, to: id)
        try others()
        for instance in Set([before, left].compactMap(\.self)).sorted() where instance != id {
            try endKeptConnections(to: instance)
        }
    }

    /// Each ends with the answer that is on its way.
    private func endKeptConnections(to id: String) throws(DeployError) {
        guard let front = context.site.records.read(id)?.front, context.ports.processes.isRunning(front)
        else {
            return
        }
        try Nginx(context: context)
            .replaceWorkers(of: front, in: context.layout.instance(id), named: "The front of \(id)")
    }
}

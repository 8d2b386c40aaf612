/// The project's own tool moves traffic itself, so that its deployment is the cutover.
extension PlanBuilder {
    /// `alone`: whether what served was stopped before; otherwise the tool replaces it.
    func handOver(
        _ release: Timestamp, database: DatabaseLocation?, watching: Bool, alone: Bool
    ) -> [Step] {
        let instance = names.deployment.description
        var start = StartInstance(instance: instance, release: release, database: database)
        start.replaces = true
        let next = Serving(instance: instance, release: release, database: database)
        return [
            .startInstance(start), .checkHealth(CheckHealth(instance: instance)),
            .cutOver(CutOver(to: next, from: facts.serving, following: true)),
        ] + (watching ? [.watch(Watch(instance: instance, duration: environment.watch))] : [])
            + (alone ? [] : forgetReplaced)
    }

    private var forgetReplaced: [Step] {
        facts.serving.map { serving in
            var forget = StopInstance(serving, afterCutover: true)
            forget.isReplaced = true
            forget.formerStatus = serving.formerStatus
            return [.stopInstance(forget)]
        } ?? []
    }
}

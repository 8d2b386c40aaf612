extension StepContext {
    /// Whether all that was started of an instance runs.
    func isWhole(_ instance: String) -> Bool {
        guard let known = site.records.read(instance) else { return false }
        return ports.running(known.services).count == known.services.count
            && known.front.map(ports.processes.isRunning) != false
    }

    /// Whether an instance this plan starts runs, or was ended by a later step of it.
    func stands(_ instance: String) -> Bool {
        let begun = (try? ports.state.steps(of: plan.timestamp))?.map(\.position) ?? []
        return begun.contains { plan.steps[$0].work.ends(instance) } || isWhole(instance)
    }
}

extension StepWork {
    /// Whether it ends this instance for good.
    fileprivate func ends(_ instance: String) -> Bool {
        (self as? StopInstance)?.instance == instance || (self as? EndRehearsal)?.instance == instance
    }
}

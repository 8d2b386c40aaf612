/// Ends, in time, what runs left to finish what it holds.
struct KeptDraining {
    let workspace: Workspace
    let origin: Origin

    /// A run that is not over yet may take back what it left.
    ///
    /// - Throws: the first failure; the others were looked at all the same.
    func look(at site: Site, telling tell: (KeeperEvent) -> Void) throws(DeployError) {
        var failure: DeployError?
        for id in site.records.drained where id != site.records.currentID {
            do throws(DeployError) { try look(at: id, of: site, telling: tell) } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func look(at id: String, of site: Site, telling tell: (KeeperEvent) -> Void) throws(DeployError) {
        guard let release = site.records.read(id)?.release, let run = site.records.draining(id)?.run,
            try site.ports.state.unfinished(in: site.environment.name)?.timestamp != run,
            let turn = try site.turn()
        else { return }
        defer { withExtendedLifetime(turn) {} }
        let instance = DrainingInstance(context: context(site, release), id: id)
        if let draining = try instance.goOn() {
            tell(.drained(environment: site.environment.name, release: release, cut: draining.cut ?? 0))
        }
    }

    private func context(_ site: Site, _ release: Timestamp) -> StepContext {
        let plan = Plan(
            id: "keeper", timestamp: release, kind: .stop, environment: site.environment,
            release: release, commit: nil, previousRelease: nil, steps: [], loss: nil)
        return StepContext(workspace, plan: plan, origin: origin)
    }
}

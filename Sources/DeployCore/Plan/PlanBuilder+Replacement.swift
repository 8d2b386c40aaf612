/// Replacing a server's data: names change there, and nobody may be connected while they do.
extension PlanBuilder {
    /// Behind an edge a second set of the services reads from a copy meanwhile, so that only writes wait.
    ///
    /// `folders`: steps that replace more than the database at the same moment.
    func replaceData(
        _ release: Timestamp, with next: DatabaseLocation, folders: [Step] = []
    ) -> [Step] {
        guard let live = layout.database(.live), let reader = layout.database(.reader(names.deployment)),
            let retired = layout.database(.retired(names.deployment))
        else { return [] }
        let swap = Step.swapDatabase(
            SwapDatabase(
                live: live, next: next, retired: retired, isFirst: facts.database == nil ? true : nil))
        if environment.runtime.strategy == .ownTool {
            return stopServing + [swap] + folders
                + handOver(release, database: live, watching: true, alone: true)
        }
        guard environment.runtime.strategy == .blueGreen, environment.solitary.isEmpty,
            let serving = facts.serving, facts.servingRuns
        else {
            return stopServing + [swap] + folders + edge + moveTraffic(release, live, from: nil)
        }
        let reading = Serving(instance: "\(names.deployment)-reader", release: release, database: reader)
        let hold = Serving(instance: "\(names.deployment)-hold", release: serving.release, database: reader)
        let readFromCopy: [Step] =
            [.copyDatabase(CopyDatabase(source: next, copy: reader))] + edge + [
                .startInstance(
                    StartInstance(instance: reading.instance, release: release, database: reader)),
                .checkHealth(CheckHealth(instance: reading.instance)),
                .holdWrites(HoldWrites(hold: hold.instance, serving: serving, reader: reading.instance)),
                .stopInstance(StopInstance(serving, afterCutover: false)),
            ]
        return readFromCopy + [swap] + folders + moveTraffic(release, live, from: hold)
            + [.stopInstance(StopInstance(reading, afterCutover: true))]
    }

    private var edge: [Step] {
        environment.runtime.strategy == .blueGreen
            ? [.openEdge(OpenEdge(servedBefore: facts.serving != nil))] : []
    }

    private func moveTraffic(
        _ release: Timestamp, _ database: DatabaseLocation, from previous: Serving?
    ) -> [Step] {
        let instance = names.deployment.description
        let next = Serving(instance: instance, release: release, database: database)
        return [
            .startInstance(StartInstance(instance: instance, release: release, database: database)),
            .checkHealth(CheckHealth(instance: instance)),
            .cutOver(CutOver(to: next, from: previous)),
            .verifyFrontDoor(VerifyFrontDoor(instance: instance)),
            .watch(Watch(instance: instance, duration: environment.watch)),
        ]
    }
}

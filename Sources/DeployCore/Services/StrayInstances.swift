/// Instances of processes that run although nothing leads to them: a step or a keeper that should have ended them failed,
/// or somebody removed their folder.
struct StrayInstances {
    private let site: Site

    init(_ site: Site) { self.site = site }

    /// Their ids, oldest first, without those of a run that has no end yet; empty where services are none of this
    /// machine's processes.
    var found: [String] { found(among: nil) }

    /// `seen`: of which instances processes are there; nil where that is to be looked for.
    func found(among seen: Set<String>?) -> [String] {
        guard !site.environment.serviceRuntime.endsByPrograms else { return [] }
        let unfinished = (try? site.ports.state.unfinished(in: site.environment.name)) ?? nil
        let leading = [
            site.records.currentID, site.records.current?.id, unfinished.map { "\($0.timestamp)" },
        ]
        return (seen ?? site.ports.processes.instances(beneath: site.layout.run))
            .filter { !leading.contains($0) && !isDraining($0) }.sorted { $0 < $1 }
    }

    /// Whether it finishes what it holds, or its services are still asked to end by a keeper.
    private func isDraining(_ id: String) -> Bool {
        guard let draining = site.records.draining(id), let instance = site.records.read(id) else {
            return false
        }
        let now = site.ports.clock.now()
        if !draining.isOver(at: now) { return true }
        let keeper = KeeperPresence(files: site.ports.files, project: site.layout.project)
        guard keeper.holder != nil, !keeper.isOutdated else { return false }
        let stopping = StoppingTime(drain: site.environment.drain, isOver: draining.cut != 0)
        let longest = instance.services.map(stopping.limit).reduce(site.environment.drain, +)
        return now.timeIntervalSince(draining.until) < longest.seconds + Self.patience
    }

    /// What a keeper may need for anything else, in seconds.
    private static let patience = 60.0
}

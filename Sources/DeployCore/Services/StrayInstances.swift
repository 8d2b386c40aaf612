/// Instances of processes that run although nothing leads to them: a step that should have ended them failed, or
/// somebody removed their folder.
struct StrayInstances {
    private let site: Site

    init(_ site: Site) { self.site = site }

    /// Their ids, oldest first; empty where services are none of this machine's processes.
    var found: [String] {
        guard !site.environment.serviceRuntime.endsByPrograms else { return [] }
        let leading = [site.records.currentID, site.records.current?.id]
        return site.ports.processes.instances(beneath: site.layout.run)
            .filter { !leading.contains($0) }.sorted { $0 < $1 }
    }
}

import FoundationEssentials

/// Plans and steps of runs of long ago, which nobody goes back to and nobody goes by.
struct OldPlans {
    let site: Site

    /// How long each is kept, in seconds, and how many whatever their age.
    private static let kept = 90.0 * 86_400
    private static let newest = 100

    /// Gives them up, and returns how many; `releases`: those on disk, whose runs keep theirs, as runs do that took a backup
    /// that is there or started what is there.
    func forget(but releases: Set<Timestamp>) throws(DeployError) -> Int {
        let state = site.ports.state
        let name = site.environment.name
        let runs = try state.deployments(of: name, limit: 1000)
        guard runs.count > Self.newest else { return 0 }
        let now = BelievedTime.now(site.ports.clock.now(), after: runs.map(\.startedAt))
        let ofReleases = try state.deployments(of: name, about: releases).map(\.timestamp)
        let ofBackups = try state.backups(of: name).compactMap(\.deployment)
        let ofInstances = site.records.all.compactMap { Timestamp(digits: $0) }
        return try state.forgetPlans(
            of: name, before: now.addingTimeInterval(-Self.kept), butNewest: Self.newest,
            and: Set(ofReleases + ofBackups + ofInstances))
    }
}

/// Finds out whether a release that does not get well lacks its database, for then nobody has to mend the release.
struct DatabaseBlame {
    let site: Site
    let plan: Plan

    /// The same failure with the database's trouble in front, where the step asked the release how it is and it has one.
    func added(to error: DeployError, of work: any StepWork) -> DeployError {
        guard plan.kind != .rehearsal, [CheckHealth.id, Watch.id].contains(work.id),
            site.environment.database != nil, let live = site.layout.database(.live)
        else { return error }
        let found: DeployError?
        do throws(DeployError) {
            found = try site.database.complaint(at: live, asking: site.ports.commands)
        } catch { found = error }
        guard let found else { return error }
        return DeployError(
            error.code, what: error.what,
            why: "it does not get its database \(live.name): \(found.why)\n\(error.why)", next: found.next)
    }
}

/// Finds out whether a release that does not get well lacks its database, for then nobody has to mend the release.
struct DatabaseBlame {
    let site: Site

    /// The same failure with the database's trouble in front, where the step asked the release how it is and it has one.
    func added(to error: DeployError, of work: any StepWork, in kind: Deployment.Kind) -> DeployError {
        guard kind != .rehearsal, [CheckHealth.id, Watch.id].contains(work.id), let trouble else {
            return error
        }
        return DeployError(
            error.code, what: error.what,
            why: "it does not get its database \(name): \(trouble.why)\n\(error.why)", next: trouble.next)
    }

    /// What keeps the application out of its database now, with what to do; nil where nothing does.
    var trouble: DeployError? {
        guard let live else { return nil }
        do throws(DeployError) {
            return try site.database.complaint(at: live, asking: site.ports.commands)
        } catch { return error }
    }

    /// The same, where what is interrupted has to wait until that is mended; nil also for a server of the environment's
    /// own, which whatever goes on starts itself.
    var obstacle: DeployError? { site.environment.database?.service == nil ? trouble : nil }

    private var live: DatabaseLocation? {
        site.environment.database == nil ? nil : site.layout.database(.live)
    }

    private var name: String { live?.name ?? "" }
}

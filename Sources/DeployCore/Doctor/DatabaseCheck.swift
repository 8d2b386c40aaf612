/// Checks that a database server lets the environment's credentials in.
struct DatabaseCheck {
    let site: Site

    /// nil for an environment without a database, or with one that is a file.
    var finding: Finding? {
        guard let database = site.environment.database, site.layout.databaseLink == nil,
            let live = site.layout.database(.live)
        else { return nil }
        let id = "\(site.environment.name) database"
        do throws(DeployError) {
            let engine = site.ports.databases.engine(for: site.layout, within: .seconds(20))
            let isThere = try engine.exists(live)
            return Finding(
                id: id,
                verdict: .passed(isThere ? "\(live.name) can be reached" : "there is no \(live.name) yet"))
        } catch {
            let complaint = "\(error.what): \(error.why)"
            // The project's own server may be stopped with everything else.
            return Finding(
                id: id,
                verdict: database.service == nil
                    ? .refused(complaint, next: error.next) : .warned(complaint, next: error.next))
        }
    }
}

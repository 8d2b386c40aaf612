/// Checks that a database server lets the environment's credentials in, and no more than they need.
struct DatabaseCheck {
    let site: Site

    /// None for an environment without a database, or with one that is a file and there.
    func all() -> [Finding] {
        if let lost { return [lost] }
        guard let database = site.environment.database, site.layout.databaseLink == nil,
            let live = site.layout.database(.live)
        else { return [] }
        let id = "\(site.environment.name) database"
        if let service = database.service, !site.environment.serviceRuntime.hasDescribedData(at: site) {
            return [Finding(id: id, verdict: .passed("the first deployment starts its service \(service)"))]
        }
        do throws(DeployError) {
            let engine = site.ports.databases.engine(for: site.layout, within: .seconds(20))
            let isThere = try engine.exists(live)
            let reach = Finding(
                id: id,
                verdict: .passed(isThere ? "\(live.name) can be reached" : "there is no \(live.name) yet"))
            let lacks = try engine.lacks(for: live).map {
                Finding(id: "\(id) \($0.subject)", verdict: .refused($0.measured, next: $0.next))
            }
            let asked = isThere ? live : nil
            if let denied = try engine.complaint(at: asked, asking: site.ports.commands) {
                let kept = asked.map { "the application does not get \($0.name)" }
                let measured = "\(kept ?? "the server does not let the application in"): \(denied.why)"
                return [Finding(id: id, verdict: .refused(measured, next: denied.next))] + lacks
            }
            guard isThere else { return [reach] + lacks }
            let cautions = try engine.cautions(for: live).map {
                Finding(id: "\(id) \($0.subject)", verdict: .warned($0.measured, next: $0.next))
            }
            return [reach] + lacks + cautions
        } catch {
            let complaint = "\(error.what): \(error.why)"
            // The project's own server may be stopped with everything else.
            let verdict: Verdict =
                database.service == nil
                ? .refused(complaint, next: error.next) : .warned(complaint, next: error.next)
            return [Finding(id: id, verdict: verdict)]
        }
    }

    /// nil where the data is where it was, or cannot be asked for.
    private var lost: Finding? {
        let workspace = Workspace(ports: site.ports, project: site.layout.project)
        guard let facts = try? FactsCollector(workspace).collect(site.environment, starting: false) else {
            return nil
        }
        do throws(DeployError) {
            try facts.refuseLost(backups: try site.ports.state.backups(of: site.environment.name))
            return nil
        } catch {
            return Finding(
                id: "\(site.environment.name) database",
                verdict: .refused("\(error.what): \(error.why)", next: error.next))
        }
    }
}

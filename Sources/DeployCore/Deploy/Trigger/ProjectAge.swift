import FoundationEssentials

/// Since when a project is here, as far as somebody who would like it to be younger cannot have it so.
struct ProjectAge {
    let workspace: Workspace

    private var ports: Ports { workspace.ports }

    /// Seconds since the first of what is known of it; nil where one thing does not say.
    ///
    /// That is its folder, its repository, its first deployment and its first entry in the audit log.
    /// A folder is made anew with one command; what was deployed from it is on record all the same.
    var seconds: Double? {
        var first: [Double] = []
        for place in [workspace.project, "\(workspace.project)/.git"] {
            guard let birth = ports.witness.birth(of: place) else { return nil }
            first.append(birth)
        }
        do throws(DeployError) {
            let deployments = try ports.state.deployments(of: nil, limit: .max)
            first += deployments.map(\.startedAt.timeIntervalSince1970)
            for record in try ports.state.auditRecords(after: 0, limit: 1) {
                guard let at = record.content.flatMap({ UTC.date(rfc3339: $0.at) }) else { return nil }
                first.append(at.timeIntervalSince1970)
            }
        } catch { return nil }
        return first.min().map { ports.clock.now().timeIntervalSince1970 - $0 }
    }
}

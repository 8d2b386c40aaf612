/// Checks that this machine can keep the limits of an environment.
struct LimitsCheck {
    let site: Site

    /// nil where nothing is limited.
    var finding: Finding? {
        guard site.environment.isLimited else { return nil }
        let id = "\(site.environment.name) limits"
        do throws(DeployError) {
            try site.environment.serviceRuntime.refuseUnkeptLimits(at: site)
        } catch {
            return Finding(id: id, verdict: .refused(error.why, next: error.next))
        }
        let kinds = Limits.Kind.allCases.filter(site.environment.limitedKinds.contains).map(\.rawValue)
        return Finding(id: id, verdict: .passed("can be kept: \(kinds.joined(separator: ", "))"))
    }
}

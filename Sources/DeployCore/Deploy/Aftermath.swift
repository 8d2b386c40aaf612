/// What users have after a run that did not succeed, and where it is written down.
struct Aftermath {
    let site: Site
    let plan: Plan

    func added(to error: DeployError) -> DeployError {
        let why = [error.why, serving, "log: \(site.layout.runLog(plan.timestamp))"].compactMap(\.self)
        return DeployError(
            error.code, what: error.what, why: why.filter { !$0.isEmpty }.joined(separator: "\n"),
            next: error.next, isDamage: error.isDamage)
    }

    /// nil after a run that touches nothing that serves.
    private var serving: String? {
        guard plan.kind.touchesServices else { return nil }
        guard let instance = site.records.current else { return "nothing serves, as before" }
        let running = site.ports.running(instance.services)
        let ended = instance.services.map(\.name).filter { !running.contains($0) }
        guard ended.isEmpty else {
            return
                "release \(instance.release) should serve, but \(ended.joined(separator: ", ")) does not run"
        }
        return instance.release == plan.previousRelease
            ? "serving: release \(instance.release), unchanged" : "serving: release \(instance.release)"
    }
}

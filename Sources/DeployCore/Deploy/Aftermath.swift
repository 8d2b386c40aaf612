/// Looks at what users have after a run that did not succeed.
struct Aftermath {
    let site: Site
    let plan: Plan

    func added(to error: DeployError) -> DeployError {
        error.leaving(
            DeployError.Aftermath(serving: serving, log: site.layout.runLog(plan.timestamp)))
    }

    private var serving: String? {
        guard plan.kind.touchesServices else { return nil }
        guard let instance = site.records.current else { return "nothing, as before" }
        let running = site.ports.running(instance.services)
        let ended = instance.services.map(\.name).filter { !running.contains($0) }
        guard ended.isEmpty else {
            return "release \(instance.release), of which \(ended.joined(separator: ", ")) does not run"
        }
        return "release \(instance.release)" + (instance.release == plan.previousRelease ? ", unchanged" : "")
    }
}

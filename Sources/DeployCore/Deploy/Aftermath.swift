/// Looks at what users have after a run that did not succeed.
struct Aftermath {
    let site: Site
    let plan: Plan

    func added(to error: DeployError) -> DeployError {
        error.leaving(
            DeployError.Aftermath(serving: serving, log: site.runLog(of: plan.timestamp)))
    }

    private var serving: String? {
        guard plan.kind.touchesServices else { return nil }
        guard let instance = site.records.current else { return "nothing, as before" }
        return Self.words(for: instance, isAsBefore: instance.release == plan.previousRelease, site)
    }

    private static func words(for instance: Instance, isAsBefore: Bool, _ site: Site) -> String {
        let running = site.ports.running(instance.services)
        let ended = instance.services.map(\.name).filter { !running.contains($0) }
        guard ended.isEmpty else {
            if site.environment.serviceRuntime.silence(at: site) != nil {
                return "release \(instance.release); whether it runs cannot be asked now"
            }
            return "release \(instance.release), of which \(ended.joined(separator: ", ")) does not run"
        }
        let sick = sickness(of: instance, site)
        return "release \(instance.release)" + (isAsBefore ? ", unchanged" : "")
            + (sick.isEmpty ? "" : ", but \(sick.joined(separator: ", "))")
    }

    /// What runs may still answer badly, whatever was changed.
    private static func sickness(of instance: Instance, _ site: Site) -> [String] {
        let lookout = InstanceLookout(site, instance: instance.id)
        var wave = ProbeWave()
        lookout.askServices(in: &wave)
        wave.run(on: site.ports.commands) {}
        return lookout.look.answers.sorted { $0.key < $1.key }
            .compactMap { name, answer in answer.complaint.map { "service \(name) \($0)" } }
    }

    /// A refusal, with what serves as before; the error itself where a run had begun, or nothing serves.
    static func added(toRefusal error: DeployError, at site: Site) -> DeployError {
        guard error.aftermath == nil, let instance = site.records.current else { return error }
        return error.leaving(
            DeployError.Aftermath(serving: words(for: instance, isAsBefore: true, site), log: nil))
    }
}

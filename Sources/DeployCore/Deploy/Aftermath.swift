/// What was seen to serve, and what is wrong with it.
public struct Observed: Sendable {
    public let release: Timestamp
    /// Each in words; empty where it serves well.
    public let faults: [String]

    /// What serves one of a project's environments; nil where nothing has its traffic.
    public init?(_ workspace: Workspace, at environment: Environment) {
        guard let seen = Aftermath.observed(at: workspace.site(environment)) else { return nil }
        self = seen
    }

    init(release: Timestamp, faults: [String]) { (self.release, self.faults) = (release, faults) }
}

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

    /// What serves after a run was taken back; nil where nothing has the traffic.
    static func observed(at site: Site) -> Observed? {
        guard let instance = site.records.current else { return nil }
        let running = site.ports.running(instance.services)
        let ended = instance.services.map(\.name).filter { !running.contains($0) }
        let faults = ended.isEmpty ? sickness(of: instance, site) : ended.map { "service \($0) does not run" }
        let trouble = faults.isEmpty ? DatabaseBlame(site: site).trouble : nil
        return Observed(
            release: instance.release,
            faults: faults + (trouble.map { ["it does not get its database: \($0.why)"] } ?? []))
    }

    /// What runs may still answer badly, whatever was changed.
    private static func sickness(of instance: Instance, _ site: Site) -> [String] {
        let lookout = InstanceLookout(site, instance: instance.id)
        var wave = ProbeWave()
        lookout.askServices(in: &wave)
        wave.run(on: site.ports.commands) {}
        return lookout.look.answers.sorted { $0.key < $1.key }
            .compactMap { name, answer in answer.complaint.map { "service \(name) \($0)" } }
            + site.environment.serviceRuntime.dataLosses(at: site)
    }

    /// A refusal, with what serves as before; the error itself where a run had begun, or nothing serves.
    static func added(toRefusal error: DeployError, at site: Site) -> DeployError {
        guard error.aftermath == nil else { return error }
        let refusal = unchanged(error)
        guard let instance = site.records.current else { return refusal }
        return refusal.leaving(
            DeployError.Aftermath(serving: words(for: instance, isAsBefore: true, site), log: nil))
    }

    /// What could not be asked before a run began has left everything as it was.
    private static func unchanged(_ error: DeployError) -> DeployError {
        guard error.code == .stepFailed, !error.why.holds("nothing was changed") else { return error }
        return DeployError(
            error.code, what: error.what, why: "\(error.why)\nnothing was changed", next: error.next,
            isDamage: error.isDamage)
    }
}

import FoundationEssentials

extension AuditEntry {
    /// What a plan does.
    init(_ plan: Plan, as act: Act? = nil, by origin: Origin, at now: Date) {
        self.init(act ?? Act(plan.kind), by: origin, at: UTC.rfc3339(now))
        (environment, release, run) = (plan.environment.name, plan.release, plan.timestamp)
        subject =
            plan.service ?? plan.switched.map { "\($0.feature) \($0.share)" }
            ?? (plan.kind == .copy ? plan.backup?.description : nil)
    }
}

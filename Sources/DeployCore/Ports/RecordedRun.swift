import FoundationEssentials

/// One run that came to its end, with what stood when it did: all that the state keeps of it, as it lies on disk as well.
public struct RecordedRun: Hashable, Codable, Sendable {
    /// Of the record itself.
    public var schemaVersion = 1
    public var deployment: Deployment
    /// nil where only the log of an earlier version tells of it.
    public var plan: Plan?
    /// nil: nobody had to agree.
    public var approval: Approval?
    public var overrides: [GateOverride]
    public var steps: [StepRecord]
    /// Where the logs of its services ended when it began.
    public var logs: [String: LogPosition]
    /// The release it is about; nil where that is not on record.
    public var release: Release?
    /// All that its environment had.
    public var backups: [Backup]
    /// Of the whole project, as the holds are.
    public var vetoes: [Veto]
    public var holds: [Hold]
    /// Why what environments proved was not believed then, by environment: the state had been rebuilt before.
    public var doubts: [String: String]
    /// How far the audit log had come at least, before all else was read: `12:6f1c…`.
    public var audit: String

    private enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case deployment, plan, approval, overrides, steps, logs, release, backups, vetoes, holds, doubts,
            audit
    }

    /// What an earlier version's log tells of a run.
    init(told deployment: Deployment) {
        self.deployment = deployment
        (overrides, steps, logs, backups, vetoes, holds) = ([], [], [:], [], [], [])
        (doubts, audit) = ([:], "")
    }

    /// As the state has it.
    ///
    /// What another run writes meanwhile can be in the record though the audit log's end does not say so, never the other
    /// way round.
    init(_ deployment: Deployment, in state: any StateStore) throws(DeployError) {
        let last = try state.auditRecords(of: nil, since: nil, limit: 1).first
        audit = last.map { AuditHead($0).text } ?? ""
        let name = deployment.timestamp
        self.deployment = deployment
        plan = try state.plan(of: name)
        approval = try state.approval(of: name)
        overrides = try state.overrides(of: name)
        steps = try state.steps(of: name)
        logs = try state.logPositions(of: name)
        release = try deployment.release.flatMap { release throws(DeployError) in try state.release(release) }
        backups = try state.backups(of: deployment.environment)
        vetoes = try state.openVetoes()
        holds = try state.holds()
        doubts = try Rebuilding.doubts(in: state)
    }

    /// Whether it made a release current.
    var movedRelease: Bool { deployment.kind.movesRelease && deployment.outcome == .succeeded }
}

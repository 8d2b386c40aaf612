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
    /// How far the audit log had come: `12:6f1c…`.
    public var audit: String

    private enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case deployment, plan, approval, overrides, steps, logs, release, backups, vetoes, holds, audit
    }

    /// What an earlier version's log tells of a run.
    init(told deployment: Deployment) {
        self.deployment = deployment
        (overrides, steps, logs, backups, vetoes, holds, audit) = ([], [], [:], [], [], [], "")
    }

    /// As the state has it.
    init(_ deployment: Deployment, in state: any StateStore) throws(DeployError) {
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
        let last = try state.auditRecords(of: nil, since: nil, limit: 1).first
        audit = last.map { AuditHead($0).text } ?? ""
    }
}

/// Rows of a state that is lost, found on disk.
public struct StateRemains: Sendable {
    /// Oldest first.
    public var releases: [Release] = []
    /// Oldest first.
    public var runs: [RecordedRun] = []
    /// Oldest first.
    public var backups: [Backup] = []
    public var vetoes: [Veto] = []
    public var holds: [Hold] = []
    /// For each environment that something lies of: why what it proved is not believed; nil where it is.
    public var doubts: [String: String?] = [:]
    /// The latest name that anything on disk has; nil where nothing has one.
    public var newest: Timestamp?
    /// Where the audit log had come to; nil where nobody knows.
    public var auditEnd: AuditRecord?
    /// When they were found, to the fraction: what began before proved nothing after it.
    public var at = Date.distantPast
    /// What the audit log says of the rebuilding.
    public var entry: AuditEntry?

    public init() {}
}

/// That the state was put together again from what lay on disk.
public struct Rebuilding: Hashable, Sendable {
    public var at: Date
    /// Why what the environment proved until then is not believed; nil where it is.
    public var doubt: String?

    public init(at: Date, doubt: String?) {
        self.at = at
        self.doubt = doubt
    }

    /// Why what the newest move of `environment` proved is not believed; nil where it is.
    static func doubt(in environment: String, of state: any StateStore) throws(DeployError) -> String? {
        guard let last = try state.rebuilding(of: environment), let doubt = last.doubt else { return nil }
        let move = try state.releaseMoves(of: environment, limit: 1).first
        return move.map { $0.startedAt > last.at } == true ? nil : doubt
    }
}

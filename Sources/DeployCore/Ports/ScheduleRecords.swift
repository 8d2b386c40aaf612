import FoundationEssentials

/// When schedules ran, and how that ended.
public protocol ScheduleRecords: Sendable {
    /// Adds a run or, where that schedule was due then already, replaces it. The newest hundred of a schedule are kept.
    func record(_ run: ScheduleRun) throws(DeployError)
    /// Has the newest run of a schedule count as due at `due`, and forgets what was due after that: the clock was ahead.
    func moveLastScheduleRun(of schedule: String, in environment: String, to due: Date) throws(DeployError)
    /// The newest of each schedule that was ever recorded, in order of name.
    func lastScheduleRuns(of environment: String) throws(DeployError) -> [ScheduleRun]
}

/// One time that a schedule was due, and what became of it.
public struct ScheduleRun: Hashable, Sendable {
    public var environment: String
    public var schedule: String
    public var due: Date
    /// nil: nothing was due then; from this moment on it is looked after.
    public var started: Date?
    /// nil while it runs, and for ever where nobody saw its end.
    public var ended: Date?
    /// Its exit status, or 128 and the signal that ended it; nil where nobody saw it.
    public var status: Int32?
    /// Absolute path of what it wrote; empty where nothing was due.
    public var log: String
    /// The process; nil where nothing was due.
    public var process: ProcessIdentity?

    public init(
        environment: String, schedule: String, due: Date, started: Date? = nil, ended: Date? = nil,
        status: Int32? = nil, log: String = "", process: ProcessIdentity? = nil
    ) {
        self.environment = environment
        self.schedule = schedule
        self.due = due
        self.started = started
        self.ended = ended
        self.status = status
        self.log = log
        self.process = process
    }

    /// Whether it is known to have failed.
    public var hasFailed: Bool { status.map { $0 != 0 } ?? false }
}

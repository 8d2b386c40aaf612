import FoundationEssentials

/// Something that happened in an environment which people may want to be told.
public struct Event: Hashable, Sendable {
    /// What it was; the words are those of `notify.on`.
    public enum Kind: String, CaseIterable, Codable, Sendable {
        case started, succeeded, failed, refused, drift, unhealthy, certificate, recovered
        case rolledBack = "rolled-back"
        case needsPerson = "needs-person"
        case crashLoop = "crash-loop"
        case backupFailed = "backup-failed"
        case backupOverdue = "backup-overdue"
        case scheduleFailed = "schedule-failed"

        /// How soon somebody has to look, unless a route says otherwise.
        var severity: Severity {
            switch self {
            case .needsPerson, .crashLoop, .unhealthy: .p0
            case .failed, .rolledBack, .backupFailed, .backupOverdue, .certificate: .p1
            case .started, .succeeded, .refused, .drift, .recovered, .scheduleFailed: .p2
            }
        }

        /// Whether somebody has to do something about it, who may be asked again.
        var isTrouble: Bool { ![.started, .succeeded, .recovered].contains(self) }

        /// As it follows the name of an environment.
        var words: String {
            switch self {
            case .started: "a run began"
            case .succeeded: "a run succeeded"
            case .failed: "a run failed"
            case .rolledBack: "a new release was taken back"
            case .needsPerson: "a person has to look now"
            case .refused: "a promotion was refused"
            case .recovered: "is well again"
            case .crashLoop: "something ends again and again"
            case .unhealthy: "is not healthy"
            case .drift: "something was changed by hand"
            case .certificate: "the certificate needs somebody"
            case .backupFailed: "no backup could be made"
            case .backupOverdue: "a backup is overdue"
            case .scheduleFailed: "a schedule failed"
            }
        }

        /// As it follows that an environment is well again after it; nil for what does not pass.
        var pastWords: String? {
            switch self {
            case .started, .succeeded, .recovered: nil
            case .failed: "a failed run"
            case .rolledBack: "a release that was taken back"
            case .needsPerson: "what needed a person"
            case .refused: "a refused promotion"
            case .crashLoop: "what ended again and again"
            case .unhealthy: "not being healthy"
            case .drift: "a change by hand"
            case .certificate: "a certificate that needed somebody"
            case .backupFailed: "a backup that failed"
            case .backupOverdue: "an overdue backup"
            case .scheduleFailed: "a schedule that failed"
            }
        }
    }

    /// How soon somebody has to look.
    public enum Severity: String, CaseIterable, Codable, Comparable, Sendable {
        /// At once, whatever the hour.
        case p0 = "P0"
        /// Within the working day.
        case p1 = "P1"
        /// Some time.
        case p2 = "P2"

        public static func < (one: Severity, other: Severity) -> Bool { one.rawValue < other.rawValue }
    }

    /// What `ack` takes, in the order they happened; 0 before it is recorded.
    public var sequence: Int64 = 0
    public var environment: String
    public var kind: Kind
    /// A deployment's timestamp, a schedule's name, or what is over: a kind, and the subject behind it.
    public var subject: String
    public var at: Date
    /// A stored error, the path of a log, a sentence, or of what is over the event it began with; nil: nothing more is known.
    public var detail: String?
    /// Who said that they look after it; nil: nobody.
    public var answeredBy: String?
    /// When it was over; nil while it lasts, and for what does not last.
    public var overAt: Date?

    public init(_ kind: Kind, in environment: String, on subject: String, at: Date, detail: String? = nil) {
        (self.kind, self.environment, self.subject) = (kind, environment, subject)
        (self.at, self.detail) = (at, detail)
    }
}

/// One message about an event to one route.
public struct Delivery: Hashable, Sendable {
    /// What became of it.
    public enum State: String, CaseIterable, Codable, Sendable {
        case waiting, sent
        /// It was tried as often as it may be.
        case dead
        /// What it tells of was over before anybody could be told.
        case over
    }

    /// Between two tries, in seconds; what waits for longer waits because the clock was wrong.
    public static let longestPause = 3600.0

    /// In the order in which they are sent; 0 before it is recorded.
    public var sequence: Int64 = 0
    public var event: Event
    /// Name of the route.
    public var route: String
    public var severity: Event.Severity
    /// When somebody else is told, unless it is answered or over; nil: nobody is.
    public var escalateAt: Date?
    /// Name of the route that is told then.
    public var escalateTo: String?
    public var state: State = .waiting
    public var attempts = 0
    /// When it is tried next.
    public var nextAt: Date
    /// nil: it was not sent.
    public var sentAt: Date?
    /// Why the last try failed; nil where none did.
    public var error: String?

    public init(_ event: Event, to route: String, severity: Event.Severity, at nextAt: Date) {
        (self.event, self.route, self.severity, self.nextAt) = (event, route, severity, nextAt)
    }
}

/// How many messages of an environment wait, and how many were given up.
public struct NoticeCounts: Hashable, Sendable {
    public var waiting: Int
    public var dead: Int

    public init(waiting: Int = 0, dead: Int = 0) { (self.waiting, self.dead) = (waiting, dead) }
}

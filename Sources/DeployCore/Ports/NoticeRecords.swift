import FoundationEssentials

/// What happened, and who was told.
///
/// Beginnings and ends of runs and of schedules are recorded as events together with themselves.
public protocol NoticeRecords: Sendable {
    /// Adds an event that no record tells of, and returns its number.
    @discardableResult
    func record(_ event: Event) throws(DeployError) -> Int64
    /// Records what lasts: begins an event for each of `present` that is not going on, and ends those of `kinds` that
    /// are not among them, with an event that says so.
    func settle(
        _ present: [Event], of kinds: [Event.Kind], in environment: String, at now: Date
    ) throws(DeployError)
    /// Of no one yet told, oldest first.
    func unroutedEvents(limit: Int) throws(DeployError) -> [Event]
    /// Adds messages about each event that nobody was told of, and marks it, all or nothing.
    func route(_ deliveries: [(event: Int64, to: [Delivery])]) throws(DeployError)

    /// The oldest waiting message of each route of each environment, where its time has come, or is further ahead than
    /// any message waits.
    func dueDeliveries(at now: Date) throws(DeployError) -> [Delivery]
    /// Replaces what became of messages.
    func update(_ deliveries: [Delivery]) throws(DeployError)
    /// Messages whose escalation has come, oldest first.
    func escalations(at now: Date) throws(DeployError) -> [Delivery]
    /// Ends an escalation; `next`: the message it leads to, unless that route was told already.
    func escalate(_ delivery: Int64, to next: Delivery?) throws(DeployError)

    /// Whether there was such an event; nobody else is told of it then.
    func answer(_ event: Int64, by performer: String, at now: Date) throws(DeployError) -> Bool
    /// Newest first; of all environments when nil.
    func deliveries(of environment: String?, limit: Int) throws(DeployError) -> [Delivery]
    /// Routes that were told of an event, or of any other that was over together with it.
    func routes(toldOfTroubleSince event: Int64) throws(DeployError) -> [String]
    /// What lasts of some kinds, oldest first.
    func lasting(_ kinds: [Event.Kind], in environment: String) throws(DeployError) -> [Event]
    /// Removes events with all their messages that are older; what lasts, waits or is to be escalated stays.
    func pruneNotices(before limit: Date) throws(DeployError)
    /// Lets what was given up be tried again unless it is over, and returns how many that are.
    func reviveDeliveries(at now: Date) throws(DeployError) -> Int
    func noticeCounts(of environment: String) throws(DeployError) -> NoticeCounts
    /// Whether anything is to be routed, sent or escalated.
    func hasNotices(at now: Date) throws(DeployError) -> Bool
}

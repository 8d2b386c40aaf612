/// One instance at one moment: which of its services run, and what they and the front door answered.
struct InstanceLook: Hashable, Sendable {
    /// As started; empty when the instance's record is gone.
    var services: [RunningService]
    /// Names of those that run.
    var running: Set<String> = []
    /// Names of those that ended because the machine did.
    var endedWithMachine: Set<String> = []
    /// By service; those that have no health path are missing.
    var answers: [String: HealthAnswer] = [:]
    /// What services take and may take, by name; those that nothing limits are missing.
    var uses: [String: ResourceUse] = [:]
    /// What everything of the environment takes and may take; nil where that has no limit.
    var use: ResourceUse?
    /// What is wrong with what users get; nil when nothing is, and when there is no public port.
    var doorComplaint: String?

    /// Why nobody can tell which of them run; nil where it can be told.
    var silence: String?
    var isUnknown: Bool { silence != nil }

    /// Names of services that ended, in the order they were started; none where nobody can tell.
    var ended: [String] { isUnknown ? [] : services.map(\.name).filter { !running.contains($0) } }
}

/// What a service said at its health path.
enum HealthAnswer: Hashable, Sendable {
    case good
    case bad(Int)
    case none

    init(_ result: CommandResult) {
        self =
            CurlCommands.answer(result.output).map(\.answer).map { $0.isGood ? .good : .bad($0.status) }
            ?? .none
    }

    /// nil when the service is well.
    var complaint: String? {
        switch self {
        case .good: nil
        case .bad(let status): "answers \(status)"
        case .none: "does not answer"
        }
    }
}

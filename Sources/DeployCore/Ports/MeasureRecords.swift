import FoundationEssentials

/// What is counted over the life of an environment.
public protocol MeasureRecords: Sendable {
    /// How far the access log was counted; nil before the first time.
    func trafficPosition(of environment: String) throws(DeployError) -> LogPosition?
    /// Adds what was counted between two places of the access log, and remembers the second, both or nothing.
    ///
    /// Hours long before `now` are kept as one sum.
    ///
    /// - Returns: false where somebody else counted from `begin` on already; nothing is added then.
    func add(
        _ traffic: [Traffic], of environment: String, from begin: LogPosition?, to end: LogPosition,
        at now: Date
    ) throws(DeployError) -> Bool
    /// In order of hour, class and slot.
    func traffic(of environment: String) throws(DeployError) -> [Traffic]

    /// Of steps that ended well, in order of step.
    func stepTimes(of environment: String) throws(DeployError) -> [StepTimes]
    /// In order of kind and outcome.
    func runTimes(of environment: String) throws(DeployError) -> [RunTimes]
}

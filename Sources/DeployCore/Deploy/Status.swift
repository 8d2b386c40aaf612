/// How environments stand and, where one of them is promoted to, whether that would happen now.
public struct Status: Sendable {
    public let environments: [EnvironmentStatus]
    /// nil when no environment is promoted to.
    public let promotion: Promotion?
    /// Who kept what serves running and does so no more, though nobody ended that for good; nil where nobody is missed.
    public let lostKeeper: String?
    /// The account with whose last session everything ends that its manager keeps; nil where nothing does.
    public let unlingering: String?

    /// What would be said if somebody promoted now.
    public struct Promotion: Sendable {
        public let trigger: Environment.Promotion.Trigger
        public let gates: [Finding]

        /// Whether no gate refuses.
        public var isReady: Bool { gates.refused.isEmpty }
    }

    /// `.done` where nobody has to do anything.
    public var exitCode: ExitCode {
        if environments.contains(where: { $0.state == .interrupted }) { return .unfinishedRun }
        let isSick = environments.contains {
            [.unhealthy, .crashLoop].contains($0.state) || !$0.look.drift.isEmpty
        }
        return isSick ? .unhealthy : .done
    }
}

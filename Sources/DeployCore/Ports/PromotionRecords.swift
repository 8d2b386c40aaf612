import FoundationEssentials

/// What the state keeps for the gates.
public protocol PromotionRecords: Sendable {
    func record(_ approval: Signature) throws(DeployError)
    /// Oldest first; of one release, or of all when nil.
    func releaseApprovals(of release: Timestamp?) throws(DeployError) -> [Signature]

    /// A veto of a deployment's own is recorded once, however often it is given.
    func record(_ veto: Veto, by deployment: Timestamp?) throws(DeployError)
    /// Vetoes of the release that nobody has cleared, oldest first.
    func vetoes(of release: Timestamp) throws(DeployError) -> [Veto]
    /// All that nobody has cleared, oldest first.
    func openVetoes() throws(DeployError) -> [Veto]
    func clearVetoes(
        of release: Timestamp, by performer: String, reason: String, at now: Date
    ) throws(DeployError)

    func overrides(of deployment: Timestamp) throws(DeployError) -> [GateOverride]

    /// Where the service logs ended when a deployment began, by service.
    func record(_ logPositions: [String: LogPosition], of deployment: Timestamp) throws(DeployError)
    func logPositions(of deployment: Timestamp) throws(DeployError) -> [String: LogPosition]

    /// Everybody who ever made, deployed or approved something.
    func people() throws(DeployError) -> People
}

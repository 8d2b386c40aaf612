/// The ordered list of steps of one run, with the definition it was computed from.
///
/// Stored before the first step. Dry run, approval, execution, journal, resume and history read
/// this one value; a later process continues it without looking at the definition files again.
public struct Plan: Hashable, Codable, Sendable {
    /// Fingerprint of everything but the names given at the start; what an approval is bound to.
    public var id: String
    /// The deployment's name.
    public var timestamp: Timestamp
    public var kind: Deployment.Kind
    /// As the definition was when the plan was made, with the strategy decided.
    public var environment: Environment
    /// The release that is current once the plan is done.
    public var release: Timestamp?
    /// Of that release; nil where the plan knows none.
    public var commit: String?
    /// What served before; nil when nothing did.
    public var previousRelease: Timestamp?
    public var steps: [Step]
    /// nil where nothing of the data goes back.
    public var loss: RollbackLoss?

    public var titles: [String] { steps.map(\.work.title) }
}

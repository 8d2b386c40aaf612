import DeployCore
import FoundationEssentials

/// How a run that changes something ended.
struct RunAnswer: Encodable, Sendable {
    @OrNull var deployment: DeploymentAnswer?
    /// The backup it took first, or copied.
    @OrNull var backup: Timestamp?
    @OrNull var upToDate: String?
    let warnings: [Failure]

    init(_ result: RunResult, backup: Timestamp? = nil) {
        self.backup = backup
        switch result {
        case .done(let done, let failures):
            deployment = DeploymentAnswer(done)
            upToDate = nil
            warnings = failures.map { Failure($0) }
        case .upToDate(let sentence):
            deployment = nil
            upToDate = sentence
            warnings = []
        }
    }
}

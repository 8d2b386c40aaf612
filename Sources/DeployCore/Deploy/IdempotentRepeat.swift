/// A run that is asked for with an idempotency key that was used before.
public struct IdempotentRepeat {
    /// The run that used the key.
    let first: Deployment
    let environment: String
    /// What is asked for now; nil where nothing is said about it.
    let wish: [String]?

    /// What the first run came to.
    ///
    /// - Throws: `.usage` where the key stands for something else, otherwise what the first run failed with.
    func result() throws(DeployError) -> RunResult {
        guard isSame else { throw Self.refusal(first) }
        switch first.outcome {
        case .succeeded: return .upToDate("deployment \(first.timestamp) did this already")
        case nil:
            throw DeployError(
                .unfinishedRun, what: "The run with this idempotency key has not ended",
                why: "deployment \(first.timestamp) is under way or was interrupted",
                next: "deployctl show \(first.timestamp)")
        case .failed, .interrupted, .rolledBack:
            throw first.error
                ?? DeployError(
                    .stepFailed, what: "The run with this idempotency key did not succeed",
                    why: "deployment \(first.timestamp) was taken back",
                    next: "run it again with another key; deployctl show \(first.timestamp)")
        }
    }

    /// A run that an earlier version recorded says no more than where it was.
    private var isSame: Bool {
        guard first.environment == environment else { return false }
        guard let asked = first.wish, let wish else { return true }
        return asked.joined(separator: "\0") == wish.joined(separator: "\0")
    }

    /// That a key is taken by another run.
    public static func refusal(_ first: Deployment) -> DeployError {
        let asked = first.wish.map { " for: \($0.joined(separator: " "))" } ?? ""
        return DeployError(
            .usage, what: "This idempotency key stands for something else",
            why: "deployment \(first.timestamp) of \(first.environment) used it\(asked); nothing was done",
            next: "give every verb, environment and wish a key of its own")
    }
}

/// Going on with a backup that nobody could restore, for the migration that repairs what keeps it from coming back.
struct UnprovedBackup {
    /// Why the last proof failed.
    let why: String

    /// - Throws: `.gateRefused` unless the environment's last run ended because what is in its database could not be proved.
    init(of environment: String, in state: any StateStore) throws(DeployError) {
        guard let last = try state.deployments(of: environment, limit: 1).first,
            let error = last.error, error.code == .backupFailed,
            try state.steps(of: last.timestamp).max(by: { $0.position < $1.position })?.step == ProveBackup.id
        else {
            throw DeployError(
                .gateRefused, what: "No proof of a backup has just failed in \(environment)",
                why: "only then one is taken that nobody has restored; nothing was changed",
                next: "deployctl \(environment)")
        }
        if let obstacle = ProofObstacle(error) {
            throw DeployError(
                .gateRefused,
                what: "The last proof failed \(obstacle.words), not for what is in the database",
                why: "\(error.why)\na backup may well be proved once that is mended; nothing was changed",
                next: "\(obstacle.advice), then run deployctl \(environment)")
        }
        why = error.why
    }

    /// The loss in a few words.
    static let stake = "with no backup that is proved"

    /// What a person has to know before they agree.
    var notices: [String] {
        [
            "no proved backup is possible: restoring the last one failed: \(why)",
            "one is taken and kept all the same, and compared by its checksum alone: it may not come back by itself",
            "the migrations are not rehearsed: the live database is the first to meet them",
        ]
    }
}

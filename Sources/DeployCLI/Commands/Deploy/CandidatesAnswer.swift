import DeployCore
import FoundationEssentials

/// What may be gone back to, for programs and for people.
struct CandidatesAnswer: Encodable, Sendable {
    struct Candidate: Encodable, Sendable {
        let release: Timestamp
        let commit: String
        let subject: String
        let current: Bool
        @OrNull var backup: Timestamp?
        @OrNull var backupAt: Date?
        /// The program and recipients of a backup that nobody here can open.
        @OrNull var needsKey: String?
        /// Why it could not be started any more; null where nothing is known to be missing.
        @OrNull var loss: String?

        init(_ candidate: RollbackCandidate, needsKey: String?, loss: String?) {
            release = candidate.release.timestamp
            commit = candidate.release.commit
            subject = candidate.release.subject
            current = candidate.isCurrent
            backup = candidate.backup?.timestamp
            backupAt = candidate.backup?.createdAt
            (self.needsKey, self.loss) = (needsKey, loss)
        }
    }

    let environment: String
    let candidates: [Candidate]

    func text(at now: Date, width: Int?) -> String {
        guard !candidates.isEmpty else { return "Nothing has been deployed to \(environment) yet.\n" }
        var table = TextTable(header: ["RELEASE", "COMMIT", "DATA", "SUBJECT"])
        for candidate in candidates {
            let data =
                candidate.backup.map { "\($0), \(HumanText.age(of: candidate.backupAt ?? now, at: now))" }
                ?? "no backup"
            let key = candidate.needsKey.map { ", needs a key: \(InertText.line($0))" } ?? ""
            let loss = candidate.loss.map { "cannot run: \(InertText.line($0))" }
            table.add(
                "\(candidate.release)", String(candidate.commit.prefix(8)),
                candidate.current ? "(current)\(loss.map { ", \($0)" } ?? "")" : loss ?? data + key,
                candidate.subject)
        }
        let others = candidates.filter { !$0.current }
        let hint =
            others.isEmpty
            ? "There is no earlier release to go back to."
            : others.allSatisfy { $0.loss != nil }
                ? "No earlier release can be gone back to."
                : "Go back with: deployctl rollback RELEASE --environment \(environment)"
        return table.text(width: width) + "\n\(hint)\n"
    }
}

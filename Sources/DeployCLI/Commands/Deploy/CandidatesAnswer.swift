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

        init(_ candidate: RollbackCandidate, needsKey: String?) {
            release = candidate.release.timestamp
            commit = candidate.release.commit
            subject = candidate.release.subject
            current = candidate.isCurrent
            backup = candidate.backup?.timestamp
            backupAt = candidate.backup?.createdAt
            self.needsKey = needsKey
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
            table.add(
                "\(candidate.release)", String(candidate.commit.prefix(8)),
                candidate.current ? "(current)" : data + key, candidate.subject)
        }
        let isAlone = candidates.allSatisfy(\.current)
        return table.text(width: width)
            + (isAlone
                ? "\nThere is no earlier release to go back to.\n"
                : "\nGo back with: deployctl rollback RELEASE --environment \(environment)\n")
    }
}

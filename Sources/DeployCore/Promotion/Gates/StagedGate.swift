/// The release is what the source environment runs, byte for byte, under the definition it was deployed with.
struct StagedGate: Gate {
    let id = "staged"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { rules.from != nil }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let staged = facts.staged else {
            return .refused("nothing is deployed to \(facts.source)", next: "deployctl \(facts.source)")
        }
        guard let release = facts.release else {
            return .refused("the release is not known", next: "deployctl \(facts.source)")
        }
        guard release.timestamp == staged.timestamp, release.digest == staged.digest else {
            return .refused(
                "\(facts.source) runs \(staged.timestamp) (\(staged.digest.prefix(12))), asked is \(release.timestamp) (\(release.digest.prefix(12)))",
                next: "deployctl \(facts.target) without --release, or deploy that release to \(facts.source)"
            )
        }
        if let doubt = facts.doubt {
            return .refused(
                "the state was rebuilt, and what \(facts.source) proved is not borne out: \(doubt)",
                next: "deployctl \(facts.source)")
        }
        guard let complaints = facts.sealComplaints, let changed = facts.changedKeys else {
            return .refused("the release's folder could not be compared", next: "deployctl \(facts.source)")
        }
        guard complaints.isEmpty else {
            return .refused(complaints.joined(separator: "; "), next: "deployctl \(facts.source)")
        }
        guard changed.isEmpty else {
            return .refused(
                "\(facts.source)'s definition changed after the deployment: \(changed.joined(separator: ", "))",
                next: "deployctl \(facts.source)")
        }
        return .passed(
            "\(release.timestamp) (\(release.shortCommit)) runs in \(facts.source), digest \(release.digest.prefix(12))"
        )
    }
}

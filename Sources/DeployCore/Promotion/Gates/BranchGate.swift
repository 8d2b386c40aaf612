/// A branch that the target allows holds the release's commit, now, whatever it was built from.
struct BranchGate: Gate {
    let id = "branch"

    init() {}

    func judge(_ facts: PromotionFacts) -> Verdict {
        let allowed = facts.code.allowedBranches
        guard let holding = facts.code.branches else {
            guard facts.release != nil else {
                return .refused("the release's commit is not known", next: "deployctl \(facts.source)")
            }
            return .refused(
                facts.code.unsaid("which branches hold the release's commit"),
                next: "git branch --all --contains")
        }
        guard let branch = Branch.allowed(in: holding, by: allowed) else {
            let found = holding.isEmpty ? "no branch" : holding.joined(separator: ", ")
            return .refused(
                "the commit is on \(found), allowed are \(allowed.joined(separator: ", "))",
                next:
                    "git merge it into an allowed branch, or git switch to one, then deployctl \(facts.source)"
            )
        }
        guard branch != "*" else { return .passed("any branch is allowed") }
        let witness = facts.code.areBranchesSent ? ", by the word of the machine that sent it" : ""
        return .passed("the commit is on \(branch)\(witness)")
    }
}

/// The release was built from a branch the target allows.
struct BranchGate: Gate {
    let id = "branch"

    init() {}

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let branch = facts.code.branch else {
            return .refused("the release's branch is not known", next: "deployctl \(facts.source)")
        }
        let allowed = facts.code.allowedBranches
        guard allowed.contains(where: { Pattern.matches(branch, $0) }) else {
            return .refused(
                "built from \(branch), allowed are \(allowed.joined(separator: ", "))",
                next: "git switch to an allowed branch, then deployctl \(facts.source)")
        }
        return .passed("built from \(branch)")
    }
}

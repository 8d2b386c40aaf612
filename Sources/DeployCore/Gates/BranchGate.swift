/// The release was built from a branch the target allows.
public struct BranchGate: Gate {
    public let id = "branch"

    public init() {}

    public func judge(_ facts: PromotionFacts) -> Verdict {
        guard let release = facts.release else {
            return .refused("the release is not known", next: "deployctl \(facts.source)")
        }
        guard facts.allowedBranches.contains(where: { Pattern.matches(release.branch, $0) }) else {
            return .refused(
                "built from \(release.branch), allowed are \(facts.allowedBranches.joined(separator: ", "))",
                next: "git switch to an allowed branch, then deployctl \(facts.source)")
        }
        return .passed("built from \(release.branch)")
    }
}

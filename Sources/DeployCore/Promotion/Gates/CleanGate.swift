/// Nothing in the working tree waits to be committed, so what is reviewed is what is deployed.
struct CleanGate: Gate {
    let id = "clean"

    init() {}

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let count = facts.code.uncommitted else {
            return .refused("git did not say what is uncommitted", next: "git status")
        }
        guard count == 0 else {
            return .refused(
                "\(count) uncommitted change\(count == 1 ? "" : "s") of tracked files",
                next: "git commit, or git stash")
        }
        return .passed("no uncommitted change")
    }
}

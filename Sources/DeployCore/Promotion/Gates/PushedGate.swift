/// The release's commit is on a remote branch, so that it is not on this machine alone.
struct PushedGate: Gate {
    let id = "pushed"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { rules.pushed }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let isPushed = facts.code.isPushed else {
            return .refused(facts.code.unsaid("whether the commit is pushed"), next: "git branch --remotes")
        }
        return isPushed
            ? .passed("the commit is on a remote branch")
            : .refused("the commit is on no remote branch", next: "git push")
    }
}

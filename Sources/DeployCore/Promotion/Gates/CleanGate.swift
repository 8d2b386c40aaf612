/// Nothing in the working tree waits to be committed, and the definitions are those of the newest commit, so what is reviewed is what is deployed.
struct CleanGate: Gate {
    let id = "clean"

    init() {}

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let count = facts.code.uncommitted else {
            return .refused(facts.code.unsaid("what is uncommitted"), next: "git status")
        }
        guard !facts.code.isMerging else {
            return .refused(
                "a merge is not finished, and \(count) file\(count == 1 ? "" : "s") would be committed with its marks",
                next: "git merge --abort, or resolve the conflicts and commit")
        }
        guard count == 0 else {
            return .refused(
                "\(count) uncommitted change\(count == 1 ? "" : "s") of tracked files",
                next: "git commit --all, or git stash")
        }
        guard let loose = facts.code.looseDefinitions else {
            return .refused(facts.code.unsaid("whether the definitions are committed"), next: "git status")
        }
        guard loose.isEmpty else {
            return .refused(
                "\(loose.joined(separator: ", ")): not as the newest commit has it",
                next: "git add --force and git commit the definition, or put the committed one back")
        }
        return .passed("no uncommitted change")
    }
}

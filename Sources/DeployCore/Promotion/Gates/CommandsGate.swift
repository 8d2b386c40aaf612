/// Every command of the project's own ends with 0.
struct CommandsGate: Gate {
    let id = "commands"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { !rules.commands.isEmpty }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let outcomes = facts.proofs.commands, outcomes.count == facts.rules.commands.count else {
            return .refused("the project's own gates were not run", next: "deployctl gates")
        }
        let failed = outcomes.filter { $0.complaint != nil }
        guard failed.isEmpty else {
            return .refused(
                failed.map { "\($0.command) \($0.complaint ?? "")" }.joined(separator: "; "),
                next: "run \(failed[0].command) by hand and do what it says")
        }
        return .passed(outcomes.map(\.command).joined(separator: ", "))
    }
}

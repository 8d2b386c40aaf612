/// Somebody has signed each item of the checklist for this release.
struct ChecklistGate: Gate {
    let id = "checklist"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { !rules.checklist.isEmpty }

    func judge(_ facts: PromotionFacts) -> Verdict {
        let signatures = Signatures(facts: facts)
        var open: [String] = []
        for item in facts.rules.checklist {
            guard let who = signatures.counting(for: item) else {
                return .refused("the signatures could not be read", next: "deployctl approvals")
            }
            if who.isEmpty { open.append(item) }
        }
        guard let first = open.first else {
            let count = facts.rules.checklist.count
            return .passed("\(count) of \(count) items signed")
        }
        let why = Set(open.flatMap(signatures.reasons)).sorted()
        let note = why.isEmpty ? "" : " (\(why.joined(separator: "; ")))"
        return .refused(
            "open: \(open.joined(separator: ", "))\(note)",
            next: "deployctl approve \(Command(first).description)")
    }
}

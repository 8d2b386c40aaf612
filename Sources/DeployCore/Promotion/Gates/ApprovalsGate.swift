/// Enough people have approved this very release.
struct ApprovalsGate: Gate {
    let id = "approvals"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { rules.approvals > 0 }

    func judge(_ facts: PromotionFacts) -> Verdict {
        let signatures = Signatures(facts: facts)
        guard let who = signatures.counting(for: Signature.wholeRelease) else {
            return .refused("the approvals could not be read", next: "deployctl approvals")
        }
        let names = Set(who.map { Who.label($0.performer, $0.who) }).sorted().joined(separator: ", ")
        let measured = "\(who.count) of \(facts.rules.approvals)\(names.isEmpty ? "" : ": \(names)")"
        guard who.count >= facts.rules.approvals else {
            let why = Set(signatures.reasons(for: Signature.wholeRelease)).sorted()
            return .refused(
                measured + (why.isEmpty ? "" : " (\(why.joined(separator: "; ")))"),
                next:
                    "deployctl approve \(Signature.wholeRelease), by another account than the one that made it"
            )
        }
        return .passed(measured)
    }
}

import FoundationEssentials

/// A pure judgement over facts gathered beforehand; a refusal always carries a next action.
protocol Gate: Sendable {
    /// Stable name for scripts.
    var id: String { get }
    /// Whether the target's definition asks for it.
    func applies(to rules: Environment.Promotion) -> Bool
    func judge(_ facts: PromotionFacts) -> Verdict
}

extension Gate {
    func applies(to rules: Environment.Promotion) -> Bool { true }
}

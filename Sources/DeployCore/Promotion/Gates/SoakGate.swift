import FoundationEssentials

/// The release has run at the source long enough without a deployment, start, stop or restart.
struct SoakGate: Gate {
    let id = "soak"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { rules.soak != nil }

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard let soak = facts.rules.soak else { return .skipped("no time is asked for") }
        guard let since = facts.undisturbedSince else {
            return .refused(
                "since when \(facts.source) runs is not known", next: "deployctl \(facts.source)")
        }
        let wanted = DurationText.render(soak)
        let opens = since.addingTimeInterval(soak.seconds)
        guard facts.now >= opens, facts.now >= since else {
            let passed = max(0, facts.now.timeIntervalSince(since))
            return .refused(
                "\(facts.source) has run for \(DurationText.render(.seconds(Int(passed)))) of \(wanted)",
                next: "wait until \(UTC.rfc3339(opens.roundedUp))", opensAt: opens.roundedUp)
        }
        return .passed("\(facts.source) has run since \(UTC.rfc3339(since)), asked is \(wanted)")
    }
}

extension Date {
    /// The first whole second that is not before.
    var roundedUp: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.up)) }
}

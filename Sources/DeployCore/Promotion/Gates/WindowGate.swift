import FoundationEssentials

/// The moment is inside a window for promotions.
struct WindowGate: Gate {
    let id = "window"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { !rules.windows.isEmpty }

    func judge(_ facts: PromotionFacts) -> Verdict {
        let known = facts.rules.windows.compactMap { window in
            facts.zones[window.timezone].map { OpenWindow(window: window, zone: $0) }
        }
        if let open = known.first(where: { $0.isOpen(at: facts.now) }) {
            return .passed("open: \(open.window.words)")
        }
        guard known.count == facts.rules.windows.count else {
            let missing = Set(facts.rules.windows.map(\.timezone)).filter { facts.zones[$0] == nil }.sorted()
            return .refused(
                "the time in \(missing.joined(separator: ", ")) is not known here",
                next: "apt-get install tzdata, or name another time zone")
        }
        let opens = known.compactMap { $0.nextOpening(after: facts.now) }.min()
        return .refused(
            "closed; open: \(facts.rules.windows.map(\.words).joined(separator: "; "))",
            next: opens.map { "wait until \(UTC.rfc3339($0))" } ?? "change \"window\"", opensAt: opens)
    }
}

/// The moment is in no freeze.
struct FreezeGate: Gate {
    let id = "freeze"

    init() {}

    func applies(to rules: Environment.Promotion) -> Bool { !rules.freezes.isEmpty }

    func judge(_ facts: PromotionFacts) -> Verdict {
        let running = facts.rules.freezes.filter { $0.from <= facts.now && facts.now < $0.to }
        guard let longest = running.max(by: { $0.to < $1.to }) else { return .passed("no freeze") }
        return .refused(
            "frozen until \(UTC.rfc3339(longest.to)): \(longest.reason)",
            next: "wait until \(UTC.rfc3339(longest.to))", opensAt: longest.to)
    }
}

extension Environment.Window {
    /// As people say it: `mon-thu 09:00-17:00 Europe/Moscow`.
    var words: String {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        let said = days.count == 7 ? "daily" : days.map { names[$0 - 1] }.joined(separator: ",")
        return "\(said) \(Self.clock(from))-\(Self.clock(to)) \(timezone)"
    }

    private static func clock(_ minutes: Int) -> String {
        let parts = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return parts.joined(separator: ":")
    }
}

import FoundationEssentials

/// Durations, sizes and ages as a person says them.
public enum HumanText {
    /// `0.4 s`, `4.2 s`, `42 s`, `3 min 5 s`, `3 h 12 min`, `2 d 4 h`.
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds > 0 else { return "0.0 s" }
        if seconds < 9.95 { return "\(oneDecimal(seconds)) s" }
        let whole = Int(min(seconds, 1e12).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3_600 { return pair(whole / 60, "min", whole % 60, "s") }
        if whole < 86_400 { return pair(whole / 3_600, "h", whole / 60 % 60, "min") }
        return pair(whole / 86_400, "d", whole / 3_600 % 24, "h")
    }

    /// How a run that is over ended, as it is said, by the journal's word for it such as `rolled_back`.
    public static func outcome(_ word: String) -> String {
        word == Deployment.Outcome.interrupted.rawValue ? "taken back" : word.replacing("_", by: " ")
    }

    /// Decimal units: `999 B`, `1.2 MB`, `20 GB`.
    public static func size(_ bytes: Int64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        if unit == 0 { return "\(bytes) B" }
        return (value < 9.95 ? oneDecimal(value) : String(Int(value.rounded()))) + " \(units[unit])"
    }

    /// `just now`, `40 s ago`, `4 min ago`, `3 h ago`, `2 d ago`; `in 5 min` for what is to come.
    public static func age(of date: Date, at now: Date) -> String {
        let seconds = now.timeIntervalSince(date)
        let length = abs(seconds)
        guard length >= 10 else { return "just now" }
        let whole = Int(min(length, 1e12))
        let words =
            whole < 60
            ? "\(whole) s"
            : whole < 3_600
                ? "\(whole / 60) min" : whole < 86_400 ? "\(whole / 3_600) h" : "\(whole / 86_400) d"
        return seconds > 0 ? "\(words) ago" : "in \(words)"
    }

    private static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }
}

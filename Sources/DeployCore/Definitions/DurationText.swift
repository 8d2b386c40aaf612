/// Durations as definitions write them: `200ms`, `30s`, `5m`, `24h`, `7d`.
public enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// At most this, so that sums of durations stay far from overflow.
    private static let limit: Int64 = 36_500 * 86_400_000

    /// nil unless the text is digits and one unit, and no more than a hundred years.
    public static func parse(_ text: String) -> Duration? {
        let rest = String(text.afterDigits)
        guard let number = Int64(text.leadingDigits), let unit = units.first(where: { $0.name == rest })
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow || product > limit ? nil : .milliseconds(product)
    }

    /// The shortest exact text; anything finer than a millisecond is dropped.
    static func render(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0 else { return "0s" }
        let unit = units.last { milliseconds % $0.milliseconds == 0 } ?? ("ms", 1)
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}

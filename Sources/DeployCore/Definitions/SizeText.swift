/// Sizes as definitions write them: `20GB` counts in thousands, `512MiB` in 1024s.
enum SizeText {
    private static let units: [(name: String, bytes: Int64)] = [
        ("B", 1), ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]

    /// Bytes; nil unless the text is digits and one unit, and fits in 63 bits.
    static func parse(_ text: String) -> Int64? {
        let rest = String(text.afterDigits)
        guard let number = Int64(text.leadingDigits), let unit = units.first(where: { $0.name == rest })
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        return overflow ? nil : product
    }

    /// The shortest exact text.
    static func render(_ bytes: Int64) -> String {
        let texts = units.filter { $0.name != "KB" && bytes != 0 && bytes % $0.bytes == 0 }
            .map { "\(bytes / $0.bytes)\($0.name)" }
        return texts.min { $0.utf8.count < $1.utf8.count } ?? "0B"
    }
}

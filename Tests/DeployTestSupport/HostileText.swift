import Foundation

/// Texts that mean something to the language they are written into, each mark of it beside what Swift would join to it.
public enum HostileText {
    /// Nothing, what combines with the sign before or after it, and what a terminal does not show.
    public static let neighbours = [
        "", "\u{301}", "\u{600}", "\u{200D}", "\u{FE0F}", "\u{202E}", "\u{1F1E6}", "\u{903}", "\u{20DD}",
        "\u{D4E}", "\u{E0301}",
    ]

    /// Every mark with every pair of neighbours, at the beginning, in the middle, at the end and alone; with
    /// `DEPLOYCTL_SOAK=1` 5,000 more, put together at random.
    public static func texts(of marks: [String]) -> [String] {
        var texts: [String] = []
        for mark in marks {
            for (number, before) in neighbours.enumerated() {
                for (other, after) in neighbours.enumerated() {
                    let joined = "\(before)\(mark)\(after)"
                    texts.append(
                        [joined, "x\(joined)", "\(joined)x", "x\(joined)y\(mark)"][(number + other) % 4])
                }
            }
        }
        guard ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1" else { return texts }
        let pieces =
            marks + neighbours + ["a", "é", "e\u{301}", "\u{37E}", "\u{212A}", " ", "\\", "$", "'", "\""]
        func some() -> String {
            (0..<Int.random(in: 0...4)).map { _ in pieces.randomElement() ?? "" }.joined()
        }
        return texts + (0..<5_000).map { _ in "\(some())\(marks.randomElement() ?? "")\(some())" }
    }
}

/// The bytes as a test shows and compares them.
public func hexadecimal(_ text: String) -> String {
    text.utf8.map { String(format: "%02x", $0) }.joined()
}

/// Finds the word a person probably meant.
public enum Nearest {
    /// The first candidate that begins so, else the one with the fewest slips of the finger; nil when none is near.
    ///
    /// Capitals and leading dashes do not count.
    public static func word(to text: String, in candidates: [String]) -> String? {
        let typed = letters(text)
        let known = candidates.map { (word: $0, letters: letters($0)) }
        if typed.count > 1, let whole = known.first(where: { $0.letters.starts(with: typed) }) {
            return whole.word
        }
        let limit = max(1, typed.count / 3)
        return known.map { ($0.word, distance(typed, $0.letters)) }
            .filter { $0.1 <= limit }
            .min { $0.1 < $1.1 }?.0
    }

    /// The three nearest, however far, or all where there are few, in the order given; and how many more there are.
    static func words(to text: String, in candidates: [String]) -> String {
        guard candidates.count > 5 else { return candidates.joined(separator: ", ") }
        let typed = letters(text)
        let ranked = candidates.enumerated().sorted {
            (distance(typed, letters($0.element)), $0.offset) < (
                distance(typed, letters($1.element)), $1.offset
            )
        }
        let shown = ranked.prefix(3).map(\.element).joined(separator: ", ")
        return "\(shown) and \(candidates.count - 3) more, which deployctl schema lists"
    }

    private static func letters(_ text: String) -> [UInt8] {
        Array(text.lowered.utf8.drop { $0 == UInt8(ascii: "-") }.prefix(64))
    }

    /// Insertions, deletions, replacements and swaps of neighbours.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(
                    previous[column + 1] + 1, current[column] + 1, previous[column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            (before, previous) = (previous, current)
        }
        return previous[right.count]
    }
}

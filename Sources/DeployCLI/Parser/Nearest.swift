/// Finds what a person probably meant.
enum Nearest {
    /// The known word nearest to `word`, nil when none is near.
    static func word(to word: String, among known: [String]) -> String? {
        if word.count > 1,
            let whole = known.first(where: { $0.hasPrefix(word) && word.contains(where: { $0 != "-" }) })
        {
            return whole
        }
        let scored = known.map { (word: $0, distance: distance(Array(word), Array($0))) }
        guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, word.filter { $0 != "-" }.count / 3) ? best.word : nil
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last.last ?? 0
    }
}

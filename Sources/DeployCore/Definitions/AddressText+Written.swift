extension AddressText {
    /// As nginx writes an address; nil for what is none.
    static func written(_ text: String) -> String? {
        if isFour(text) { return text }
        guard isSix(text) else { return nil }
        let (before, after) =
            text.cut(at: "::").map { (groups($0.before), groups($0.after)) } ?? (groups(text[...]), [])
        let zeros = Array(repeating: 0, count: max(0, 8 - before.count - after.count))
        let all = before + zeros + after
        guard let gap = longestGap(of: all) else { return hexadecimal(all) }
        return "\(hexadecimal(Array(all[..<gap.lowerBound])))::\(hexadecimal(Array(all[gap.upperBound...])))"
    }

    private static func groups(_ text: Substring) -> [Int] {
        text.split(at: ":").compactMap { Int($0, radix: 16) }
    }

    private static func hexadecimal(_ groups: [Int]) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first of the longest runs of zeros, which two dots stand for; nil where none is longer than one.
    private static func longestGap(of groups: [Int]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > max(1, longest?.count ?? 0) { longest = start..<end }
            start = max(end, start + 1)
        }
        return longest
    }
}

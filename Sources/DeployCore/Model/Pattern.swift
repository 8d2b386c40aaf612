/// `*` matches any run of characters; everything else itself.
public enum Pattern {
    /// Whether the whole text fits the pattern.
    public static func matches(_ text: String, _ pattern: String) -> Bool {
        matches(
            text, around: pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init))
    }

    /// Whether the text is these parts in this order, with anything between each two.
    static func matches(_ text: String, around parts: [String]) -> Bool {
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return [text] == parts }
        guard text.hasPrefix(first), text.hasSuffix(last), text.count >= first.count + last.count else {
            return false
        }
        var rest = text.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

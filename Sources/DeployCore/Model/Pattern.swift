/// `*` matches any run of characters; everything else itself.
enum Pattern {
    /// Whether the whole text fits the pattern.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        matches(text, around: pattern.split(at: "*", keepsEmpty: true).map(String.init))
    }

    /// Whether the text is these parts in this order, with anything between each two.
    static func matches(_ text: String, around parts: [String]) -> Bool {
        guard parts.count > 1, let first = parts.first, let last = parts.last else {
            return text == parts.first ?? ""
        }
        guard var rest = text.after(first)?.before(last) else { return false }
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let (_, after) = rest.cut(at: part) else { return false }
            rest = after
        }
        return true
    }
}

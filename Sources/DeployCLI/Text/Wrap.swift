import DeployCore

/// Breaks text at spaces.
enum Wrap {
    static func lines(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(at: " ").map(String.init) {
            if let last = lines.last, DisplayWidth.of(last) + 1 + DisplayWidth.of(word) <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    /// Lines that are too long for a terminal go on below, further in; the others stay as they are.
    static func block(_ text: String, width: Int?) -> String {
        guard let width else { return text }
        return text.split(at: "\n", keepsEmpty: true).map { line in
            guard DisplayWidth.of(String(line)) > width else { return String(line) }
            let margin = line.prefix { $0 == " " }
            // What stands below the right half of a wide one has no room in a narrow one.
            let indent = margin.prefix(max(0, width - narrowest - 4))
            let words = lines(
                String(line.dropFirst(margin.count)), width: max(narrowest, width - indent.count - 4))
            return indent + words.joined(separator: "\n\(indent)    ")
        }.joined(separator: "\n")
    }

    /// `head` and after it the text, whose further lines begin below its first; as it is where the width is nil.
    static func hanging(_ text: String, after head: String, width: Int?) -> String {
        let indent = DisplayWidth.of(head)
        guard let width, indent + DisplayWidth.of(text) > width else { return head + text }
        let lines = lines(text, width: max(narrowest, width - indent))
        return head + lines.joined(separator: "\n" + String(repeating: " ", count: indent))
    }

    /// Columns that text is given even where the terminal has fewer.
    static let narrowest = 24
}

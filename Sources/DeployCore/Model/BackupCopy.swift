extension Environment.BackupRules {
    /// One way to bring a backup off the machine: the project's own program.
    public struct Copy: Hashable, Codable, Sendable {
        public var command: [String]
        /// Brings it back into an empty folder, so that the two can be compared.
        public var fetch: [String]?
        /// Whether nothing is deployed without it.
        public var required: Bool

        init(command: [String], fetch: [String]? = nil, required: Bool = true) {
            self.command = command
            self.fetch = fetch
            self.required = required
        }

        /// The program, as people call it.
        public var program: String { Path.name(command.first ?? "") }
    }
}

/// Words in braces that stand for something else.
enum Braces {
    /// What the command of a copy may name.
    static let copying: Set<String> = ["backup", "timestamp", "environment"]
    static let fetching = copying.union(["folder"])

    /// Every `{word}` of the text.
    static func words(in text: String) -> [String] { pieces(of: text).filter(\.isWord).map(\.text) }

    /// Replaces each `{word}` once; what comes in is not looked at again.
    static func fill(_ text: String, with values: [String: String]) -> String {
        pieces(of: text).map { $0.isWord ? values[$0.text] ?? "{\($0.text)}" : $0.text }.joined()
    }

    /// What stands around the words of the text: one part more than there are words.
    static func parts(around text: String) -> [String] {
        pieces(of: text).reduce(into: [""]) { parts, piece in
            if piece.isWord { parts.append("") } else { parts[parts.count - 1] += piece.text }
        }
    }

    private typealias Piece = (text: String, isWord: Bool)

    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let (before, after) = rest.cut(at: "{") {
            pieces.append((String(before), false))
            let word = Substring(
                after.utf8.prefix { $0.isASCIILetter || $0.isDigit || "_-".utf8.contains($0) })
            if !word.isEmpty, let next = after.after(String(word))?.after("}") {
                pieces.append((String(word), true))
                rest = next
            } else {
                pieces.append(("{", false))
                rest = after
            }
        }
        return pieces + [(String(rest), false)]
    }
}

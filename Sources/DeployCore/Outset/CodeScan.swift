/// Finds in source text, by its bytes, what a line of any language says plainly.
enum CodeScan {
    /// A quoted word, and what follows it on its line.
    struct Quoted: Sendable {
        var word: String
        var rest: Substring
    }

    /// The quoted words that stand directly behind one of these beginnings, blanks aside.
    static func quoted(after beginnings: [String], in text: String) -> [Quoted] {
        beginnings.flatMap { beginning in
            text.split(at: beginning, keepsEmpty: true).dropFirst().compactMap { quoted(at: $0.trimmedStart) }
        }
    }

    /// The quoted text that begins here; nil where none does, or where it does not end on its line.
    static func quoted(at text: Substring) -> Quoted? {
        guard let mark = text.utf8.first, [0x22, 0x27, 0x60].contains(mark) else { return nil }
        let line = Substring(text.utf8.dropFirst()).firstLine
        guard let end = line.utf8.firstIndex(of: mark) else { return nil }
        return Quoted(word: String(line[..<end]), rest: line[line.utf8.index(after: end)...])
    }

    /// The names that stand directly behind a beginning, as `PORT` in `process.env.PORT`.
    static func names(after beginning: String, in text: String) -> [Quoted] {
        text.split(at: beginning, keepsEmpty: true).dropFirst().compactMap { part in
            let word = Substring(part.utf8.prefix(while: isOfName))
            let rest = Substring(part.utf8.dropFirst(word.utf8.count)).firstLine
            // A comma begins something else here, not a value to fall back to.
            return word.isEmpty
                ? nil : Quoted(word: String(word), rest: rest.trimmed.begins(with: ",") ? "" : rest)
        }
    }

    /// The names that lines without indentation give to what begins with one of these, as `app` in `app = Flask(…)`.
    static func assigned(to beginnings: [String], in text: String) -> [String] {
        text.lines.compactMap { line in
            guard let (name, value) = line.cut(at: "="), let first = name.utf8.first, isOfName(first) else {
                return nil
            }
            let (word, right) = (name.cut(at: ":").map { $0.before.trimmed } ?? name.trimmed, value.trimmed)
            guard word.utf8.allSatisfy(isOfName), beginnings.contains(where: { right.begins(with: $0) })
            else {
                return nil
            }
            return String(word)
        }
    }

    static func isOfName(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isDigit || byte == UInt8(ascii: "_")
    }
}

extension Substring {
    /// Without blanks, tabs and line ends before it.
    fileprivate var trimmedStart: Substring { Substring(utf8.drop(while: \.isBlank)) }
}

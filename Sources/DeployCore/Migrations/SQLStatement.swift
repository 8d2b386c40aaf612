/// One statement of a migration as its words, names and signs.
struct SQLStatement {
    /// What a tokenizer tells apart; comments are nothing and what is in strings is not kept.
    enum Token: Hashable {
        /// Upper case, and as it is written.
        case word(String, written: String)
        case quoted(String)
        case string
        case sign(UInt8)
        /// A pair of parentheses whatever is in it.
        case group
    }

    var line: Int
    /// Outside of any parentheses.
    var tokens: [Token]

    func word(_ index: Int) -> String {
        guard tokens.indices.contains(index), case .word(let word, _) = tokens[index] else { return "" }
        return word
    }

    /// Whether the words stand in a row, beginning anywhere or at `index`.
    func has(_ words: String..., at index: Int? = nil) -> Bool {
        let starts = index.map { [$0] } ?? Array(tokens.indices)
        return starts.contains { start in
            words.enumerated().allSatisfy { word(start + $0.offset) == $0.element }
        }
    }

    /// The place after `words` when they stand at `index`, else `index`.
    func skipping(_ words: [String], at index: Int) -> Int {
        words.enumerated().allSatisfy { word(index + $0.offset) == $0.element } ? index + words.count : index
    }

    /// A name with what is before its dots, and the place after it.
    func name(at index: Int) -> (name: String, next: Int)? {
        guard let first = part(at: index) else { return nil }
        var (parts, next) = ([first], index + 1)
        while tokens.indices.contains(next), tokens[next] == .sign(UInt8(ascii: ".")),
            let more = part(at: next + 1)
        {
            parts.append(more)
            next += 2
        }
        return (parts.joined(separator: "."), next)
    }

    /// What stands between commas from `index` on.
    func parts(from index: Int) -> [SQLStatement] {
        guard index < tokens.count else { return [] }
        return tokens[index...].split(separator: .sign(UInt8(ascii: ","))).map {
            SQLStatement(line: line, tokens: Array($0))
        }
    }

    private func part(at index: Int) -> String? {
        guard tokens.indices.contains(index) else { return nil }
        switch tokens[index] {
        case .word(_, let written): return written
        case .quoted(let name): return name
        case .string, .sign, .group: return nil
        }
    }
}

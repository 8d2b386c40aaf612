/// Finds the string literals of a Swift source.
struct LiteralScanner {
    struct Literal: Equatable {
        /// The argument, property or constant that it is given to.
        var label: String
        /// With X for what is put in.
        var text: String
    }

    private var rest: ArraySlice<Character>
    private var found: [Literal] = []
    private var (label, word) = ("", "")

    init(_ source: String) { rest = Array(source)[...] }

    /// In the order in which they end, those joined by `+` as one; those within another come before it.
    mutating func literals() -> [Literal] {
        while !rest.isEmpty { step() }
        return found
    }

    private mutating func step() {
        if rest.starts(with: "//") {
            rest = rest.drop { $0 != "\n" }
        } else if rest.first == "\"" || rest.starts(with: "#\"") {
            let label = label
            var text = literal()
            while joins() { text += literal() }
            found.append(Literal(label: label, text: text))
        } else if let next = rest.popFirst() {
            if next == ":" || next == "=", !word.isEmpty { label = word }
            if next.isLetter { word.append(next) } else if next != " " || rest.first != "=" { word = "" }
        }
    }

    /// Whether another literal follows after `+`; goes there.
    private mutating func joins() -> Bool {
        let plus = rest.drop(while: \.isWhitespace)
        let next = plus.dropFirst().drop(while: \.isWhitespace)
        guard plus.first == "+", next.first == "\"" else { return false }
        rest = next
        return true
    }

    private mutating func literal() -> String {
        if rest.first == "#" { return rawLiteral() }
        let quote = rest.starts(with: "\"\"\"") ? "\"\"\"" : "\""
        rest = rest.dropFirst(quote.count)
        var text = ""
        while !rest.isEmpty, !rest.starts(with: quote) {
            if rest.starts(with: "\\(") {
                interpolation()
                text += "X"
            } else if rest.starts(with: "\\\n") {
                rest = rest.dropFirst(2).drop { $0 == " " }
            } else if rest.first == "\\" {
                text.append(rest.dropFirst().first == "n" ? "\n" : rest.dropFirst().first ?? " ")
                rest = rest.dropFirst(2)
            } else {
                text.append(rest.removeFirst())
            }
        }
        rest = rest.dropFirst(quote.count)
        return text
    }

    private mutating func rawLiteral() -> String {
        rest = rest.dropFirst()
        let quote = rest.starts(with: "\"\"\"") ? "\"\"\"" : "\""
        rest = rest.dropFirst(quote.count)
        var text = ""
        while !rest.isEmpty, !rest.starts(with: "\(quote)#") { text.append(rest.removeFirst()) }
        rest = rest.dropFirst(quote.count + 1)
        return text
    }

    /// What is put in may hold literals of its own, and they are given to the same.
    private mutating func interpolation() {
        rest = rest.dropFirst(2)
        let outer = label
        var depth = 1
        while depth > 0, let next = rest.first {
            if next == "(" { depth += 1 }
            if next == ")" { depth -= 1 }
            if depth > 0 { step() } else { rest.removeFirst() }
            label = outer
        }
    }
}

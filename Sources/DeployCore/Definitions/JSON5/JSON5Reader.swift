/// Reads JSON5 into a tree that knows line and column, and refuses what a definition never needs.
///
/// Stricter than JSON5 where leniency hides mistakes: no duplicate keys, no byte order mark, no NUL,
/// no NaN or infinity, no whole number beyond 64 bits, no lone surrogate, no bare control character.
/// Foundation's decoder is not used because it keeps neither lines nor duplicate keys.
struct JSON5Reader {
    static let depthLimit = 64
    static let sizeLimit = 1 << 20
    /// Entries of one list or object; keeps every later comparison of entries cheap.
    static let entryLimit = 1000

    /// The tree, nil when the text is not JSON5; duplicate keys are reported and the rest is still read.
    struct Result {
        var value: Located?
        var problems: [DefinitionProblem]
    }

    var cursor: JSON5Cursor
    private var path: [Step] = []
    private var duplicates: [DefinitionProblem] = []

    private enum Step {
        case key(String)
        case index(Int)
    }

    static func read(_ bytes: [UInt8], file: String) -> Result {
        var reader = JSON5Reader(cursor: JSON5Cursor(bytes: bytes, file: file))
        do {
            try reader.checkBytes()
            let value = try reader.document()
            return Result(value: value, problems: reader.duplicates)
        } catch {
            return Result(value: nil, problems: reader.duplicates + [error])
        }
    }

    private init(cursor: JSON5Cursor) { self.cursor = cursor }

    private mutating func document() throws(DefinitionProblem) -> Located {
        try skipSpace()
        let value = try self.value()
        try skipSpace()
        guard cursor.current == nil else {
            throw problem(
                "something follows the end of the definition", next: "remove what follows the closing brace")
        }
        return value
    }

    private mutating func value() throws(DefinitionProblem) -> Located {
        let location = cursor.location
        switch cursor.current {
        case nil:
            throw problem(
                "the file ends where a value is expected", next: "write the value, or close the braces")
        case UInt8(ascii: "{"): return Located(content: .object(try object()), location: location)
        case UInt8(ascii: "["): return Located(content: .list(try list()), location: location)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return Located(content: .text(try text()), location: location)
        default: return Located(content: try word(), location: location)
        }
    }

    private mutating func object() throws(DefinitionProblem) -> [Located.Member] {
        try enter()
        var members: [Located.Member] = []
        var lines: [String: Int] = [:]
        while try !closes(with: UInt8(ascii: "}"), after: members.count) {
            let location = cursor.location
            let key = try self.key()
            path.append(.key(key))
            try skipSpace()
            guard cursor.take(UInt8(ascii: ":")) else {
                throw problem("a colon is missing after the key", next: "write a colon between key and value")
            }
            try skipSpace()
            let value = try self.value()
            if let line = lines[key] {
                duplicates.append(
                    DefinitionProblem(
                        at: location, path: pathText, what: "the key is written twice, first on line \(line)",
                        next: "keep one of the two"))
            } else {
                lines[key] = location.line
                members.append(Located.Member(key: key, location: location, value: value))
            }
            path.removeLast()
            try skipSpace()
        }
        return members
    }

    private mutating func list() throws(DefinitionProblem) -> [Located] {
        try enter()
        var items: [Located] = []
        while try !closes(with: UInt8(ascii: "]"), after: items.count) {
            path.append(.index(items.count))
            items.append(try value())
            path.removeLast()
            try skipSpace()
        }
        return items
    }

    /// Consumes the opening bracket.
    private mutating func enter() throws(DefinitionProblem) {
        guard path.count < Self.depthLimit else {
            throw problem(
                "nested deeper than \(Self.depthLimit) levels", next: "flatten it; no key needs such depth")
        }
        cursor.advance()
        try skipSpace()
    }

    /// Consumes a separating comma and the closing bracket, if it is there.
    private mutating func closes(with bracket: UInt8, after count: Int) throws(DefinitionProblem) -> Bool {
        if cursor.take(bracket) { return true }
        guard count < Self.entryLimit else {
            throw problem(
                "holds more than \(Self.entryLimit) entries", next: "keep fewer; no key needs so many")
        }
        if count > 0 {
            guard cursor.take(UInt8(ascii: ",")) else {
                let name = bracket == UInt8(ascii: "}") ? "brace" : "bracket"
                throw problem(
                    "a comma or the closing \(name) is missing",
                    next: "write a comma after the value before, or close the \(name)")
            }
            try skipSpace()
            if cursor.take(bracket) { return true }
        }
        return false
    }

    private var pathText: String {
        path.reduce("") { text, step in
            switch step {
            case .key(let key): DefinitionPath.key(key, in: text)
            case .index(let index): DefinitionPath.index(index, in: text)
            }
        }
    }

    func problem(_ what: String, next: String, at location: SourceLocation? = nil) -> DefinitionProblem {
        DefinitionProblem(at: location ?? cursor.location, path: pathText, what: what, next: next)
    }

    mutating func skipSpace() throws(DefinitionProblem) {
        guard let start = cursor.skipSpace() else { return }
        throw problem("the comment never ends", next: "close it with */", at: start)
    }
}

/// Splits SQL into statements; knows strings, comments, quoted names and bodies of routines, and no grammar.
struct SQLScanner {
    private let bytes: [UInt8]
    private let engine: Environment.Database.Engine
    private var place = 0
    private var line = 1
    private var delimiter = [UInt8(ascii: ";")]
    private var statements: [SQLStatement] = []
    private var open = SQLStatement(line: 1, tokens: [])
    private var parentheses = 0
    /// How many blocks of a routine's body are open.
    private var blocks = 0

    static func statements(of sql: String, for engine: Environment.Database.Engine) -> [SQLStatement] {
        var scanner = SQLScanner(bytes: Array(sql.utf8), engine: engine)
        scanner.scan()
        return scanner.statements
    }

    private init(bytes: [UInt8], engine: Environment.Database.Engine) {
        self.bytes = bytes
        self.engine = engine
    }

    private mutating func scan() {
        while place < bytes.count {
            if !skipNothing() { scanToken() }
        }
        end()
    }

    private func next(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where place < bytes.count {
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
        }
    }
}

// What means nothing.
extension SQLScanner {
    /// Whether blanks or a comment stood here.
    private mutating func skipNothing() -> Bool {
        if bytes[place] <= 32 {
            advance()
        } else if next("--") && (engine != .mysql || place + 2 >= bytes.count || bytes[place + 2] <= 32)
            || next("#") && engine == .mysql
        {
            while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { advance() }
        } else if engine == .mysql, next("/*!") || next("/*M!") {
            // The server runs what is in such a comment.
            advance(next("/*!") ? 3 : 4)
            while place < bytes.count, (48...57).contains(bytes[place]) { advance() }
        } else if engine == .mysql, next("*/") {
            advance(2)
        } else if next("/*") {
            skipComment()
        } else {
            return false
        }
        return true
    }

    private mutating func skipComment() {
        var depth = 0
        while place < bytes.count {
            if next("/*"), depth == 0 || engine == .postgresql {
                depth += 1
                advance(2)
            } else if next("*/") {
                depth -= 1
                advance(2)
                if depth == 0 { return }
            } else {
                advance()
            }
        }
    }
}

// What means something.
extension SQLScanner {
    private mutating func scanToken() {
        let byte = bytes[place]
        if bytes[place...].starts(with: delimiter) {
            advance(delimiter.count)
            // With a delimiter of its own the file says itself where a body ends.
            if blocks == 0 || delimiter.count > 1 || delimiter[0] != UInt8(ascii: ";") { end() }
        } else if byte == UInt8(ascii: "'") {
            scanQuoted(by: byte, escapes: engine == .mysql || isAfterE)
            add(.string)
        } else if byte == UInt8(ascii: "\"") && engine == .mysql {
            scanQuoted(by: byte, escapes: true)
            add(.string)
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") && engine != .postgresql {
            add(.quoted(scanQuoted(by: byte, escapes: false)))
        } else if byte == UInt8(ascii: "["), engine == .sqlite {
            add(.quoted(scanQuoted(by: UInt8(ascii: "]"), escapes: false)))
        } else if byte == UInt8(ascii: "$"), engine == .postgresql, skipDollarQuoted() {
            add(.string)
        } else if Self.isWord(byte) {
            scanWord()
        } else {
            scanSign(byte)
        }
    }

    private mutating func scanSign(_ byte: UInt8) {
        advance()
        if byte == UInt8(ascii: "(") {
            if parentheses == 0 { add(.group) }
            parentheses += 1
        } else if byte == UInt8(ascii: ")") {
            parentheses = max(0, parentheses - 1)
        } else {
            add(.sign(byte))
        }
    }

    private mutating func scanWord() {
        let start = place
        while place < bytes.count, Self.isWord(bytes[place]) { advance() }
        let written = String(decoding: bytes[start..<place], as: UTF8.self)
        let word = written.uppered
        if word == "DELIMITER", engine == .mysql, open.tokens.isEmpty { return readDelimiter() }
        add(.word(word, written: written))
        countBlocks(word)
    }

    /// To the end of the line.
    private mutating func readDelimiter() {
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") {
            if bytes[place] > 32 { text.append(bytes[place]) }
            advance()
        }
        if !text.isEmpty { delimiter = text }
    }

    /// Past the closing quote; a doubled one is part of what it quotes.
    @discardableResult
    private mutating func scanQuoted(by quote: UInt8, escapes: Bool) -> String {
        advance()
        var content: [UInt8] = []
        while place < bytes.count {
            if escapes, bytes[place] == UInt8(ascii: "\\") {
                advance()
            } else if bytes[place] == quote {
                advance()
                guard place < bytes.count, bytes[place] == quote else { break }
            }
            if place < bytes.count { content.append(bytes[place]) }
            advance()
        }
        return String(decoding: content, as: UTF8.self)
    }

    /// PostgreSQL's E'…' alone knows backslashes.
    private var isAfterE: Bool {
        guard case .word("E", _)? = open.tokens.last, place > 0 else { return false }
        return bytes[place - 1] | 32 == UInt8(ascii: "e")
    }

    private mutating func skipDollarQuoted() -> Bool {
        var end = place + 1
        while end < bytes.count, Self.isWord(bytes[end]), bytes[end] != UInt8(ascii: "$") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "$"),
            end == place + 1 || !(48...57).contains(bytes[place + 1])
        else { return false }
        let mark = bytes[place...end]
        advance(mark.count)
        while place < bytes.count, !bytes[place...].starts(with: mark) { advance() }
        advance(mark.count)
        return true
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "$"), 128...: true
        default: false
        }
    }
}

// Statements.
extension SQLScanner {
    private mutating func add(_ token: SQLStatement.Token) {
        if open.tokens.isEmpty { open.line = line }
        guard parentheses == 0 else { return }
        open.tokens.append(token)
    }

    private mutating func end() {
        if !open.tokens.isEmpty { statements.append(open) }
        open = SQLStatement(line: line, tokens: [])
        (parentheses, blocks) = (0, 0)
    }

    /// A semicolon in the body of a trigger or a routine ends no statement.
    private mutating func countBlocks(_ word: String) {
        guard parentheses == 0, open.isRoutine else { return }
        let last = open.word(open.tokens.count - 2)
        switch word {
        case "BEGIN": blocks += 1
        case "CASE": blocks += last == "END" ? 0 : 1
        case "END": blocks -= 1
        // MySQL's END IF closes nothing that was counted.
        case "IF", "LOOP", "WHILE", "REPEAT": blocks += last == "END" ? 1 : 0
        default: break
        }
    }
}

extension SQLStatement {
    /// Whether it only makes something that runs later.
    var isRoutine: Bool {
        guard word(0) == "CREATE" else { return false }
        let kind = (1..<min(tokens.count, 16)).lazy.map(word).first {
            Self.routines.contains($0) || Self.others.contains($0)
        }
        return kind.map(Self.routines.contains) ?? false
    }

    private static let routines = ["TRIGGER", "PROCEDURE", "FUNCTION", "EVENT"]
    private static let others = [
        "TABLE", "INDEX", "VIEW", "SCHEMA", "DATABASE", "TYPE", "SEQUENCE", "USER", "ROLE", "DOMAIN",
        "EXTENSION",
    ]
}

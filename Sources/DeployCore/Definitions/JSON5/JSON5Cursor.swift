/// Walks over the bytes of a definition and knows line and column.
struct JSON5Cursor {
    let bytes: [UInt8]
    let file: String
    private(set) var offset = 0
    private(set) var line = 1
    private(set) var column = 1

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }
    var location: SourceLocation { SourceLocation(file: file, line: line, column: column) }

    func byte(ahead distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    mutating func advance() {
        let byte = bytes[offset]
        offset += 1
        if byte == 0x0A || (byte == 0x0D && current != 0x0A) {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    mutating func advance(by count: Int) {
        for _ in 0..<min(count, bytes.count - offset) { advance() }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        advance()
        return true
    }

    /// The scalar at the cursor and its length in bytes; the bytes are known to be valid UTF-8.
    var scalar: (value: Unicode.Scalar, length: Int)? {
        guard let first = current else { return nil }
        guard first >= 0x80 else { return (Unicode.Scalar(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        let text = String(decoding: bytes[offset..<min(offset + length, bytes.count)], as: UTF8.self)
        return text.unicodeScalars.first.map { ($0, length) }
    }

    /// Skips white space and comments; returns where a comment begins that never ends.
    mutating func skipSpace() -> SourceLocation? {
        while let byte = current {
            switch byte {
            case 0x20, 0x09...0x0D: advance()
            case UInt8(ascii: "/") where self.byte(ahead: 1) == UInt8(ascii: "/"): skipLine()
            case UInt8(ascii: "/") where self.byte(ahead: 1) == UInt8(ascii: "*"):
                let start = location
                guard skipBlock() else { return start }
            case 0x80...:
                guard let scalar, Self.isSpace(scalar.value) else { return nil }
                advance(by: scalar.length)
            default: return nil
            }
        }
        return nil
    }

    private mutating func skipLine() {
        while let byte = current, byte != 0x0A, byte != 0x0D { advance() }
    }

    private mutating func skipBlock() -> Bool {
        advance(by: 2)
        while let byte = current {
            if byte == UInt8(ascii: "*"), self.byte(ahead: 1) == UInt8(ascii: "/") {
                advance(by: 2)
                return true
            }
            advance()
        }
        return false
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA0, 0xFEFF, 0x2028, 0x2029: true
        default: scalar.properties.generalCategory == .spaceSeparator
        }
    }
}

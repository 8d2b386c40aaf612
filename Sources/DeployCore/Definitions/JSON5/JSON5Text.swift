extension JSON5Reader {
    /// A key: a quoted text or an identifier.
    mutating func key() throws(DefinitionProblem) -> String {
        switch cursor.current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try text()
        case nil: throw problem("the file ends inside an object", next: "close the brace")
        default: break
        }
        var key = String.UnicodeScalarView()
        while let (scalar, length) = cursor.scalar {
            if scalar == "\\" {
                cursor.advance()
                guard cursor.take(UInt8(ascii: "u")) else { throw badEscape() }
                let escaped = try unicodeEscape()
                guard Self.isIdentifier(escaped, first: key.isEmpty) else { throw badEscape() }
                key.append(escaped)
            } else if Self.isIdentifier(scalar, first: key.isEmpty) {
                key.append(scalar)
                cursor.advance(by: length)
            } else {
                break
            }
        }
        guard !key.isEmpty else {
            throw problem("a key is expected here", next: "write a key in quotes, or close the brace")
        }
        return String(key)
    }

    /// A text in single or double quotes.
    mutating func text() throws(DefinitionProblem) -> String {
        let start = cursor.location
        guard let quote = cursor.current else { return "" }
        cursor.advance()
        var bytes: [UInt8] = []
        while let byte = cursor.current {
            switch byte {
            case quote:
                cursor.advance()
                return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                cursor.advance()
                try appendEscape(to: &bytes)
            case 0x0A, 0x0D:
                throw problem("the text is not closed on its line", next: "close the quote", at: start)
            case 0..<0x20 where byte != 0x09, 0x7F:
                throw problem(
                    "a control character stands in the text", next: "remove it, or write it as \\u00XX")
            default:
                bytes.append(byte)
                cursor.advance()
            }
        }
        throw problem("the text is never closed", next: "close the quote", at: start)
    }

    private mutating func appendEscape(to bytes: inout [UInt8]) throws(DefinitionProblem) {
        guard let (scalar, length) = cursor.scalar else { throw badEscape() }
        switch scalar {
        case "u", "x":
            cursor.advance()
            let escaped = scalar == "u" ? try unicodeEscape() : try hexadecimalScalar()
            guard escaped.value != 0 else { throw nulEscape() }
            bytes.append(contentsOf: Array(String(escaped).utf8))
        case "0": throw nulEscape()
        case "1"..."9": throw badEscape()
        case "\r":
            cursor.advance()
            _ = cursor.take(0x0A)
        case "\n", "\u{2028}", "\u{2029}": cursor.advance(by: length)
        default:
            bytes.append(contentsOf: Array(String(Self.simpleEscapes[scalar] ?? scalar).utf8))
            cursor.advance(by: length)
        }
    }

    private static let simpleEscapes: [Unicode.Scalar: Unicode.Scalar] = [
        "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{B}",
    ]

    private mutating func unicodeEscape() throws(DefinitionProblem) -> Unicode.Scalar {
        let high = try hexadecimal(digits: 4)
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800...0xDBFF).contains(high), cursor.take(UInt8(ascii: "\\")),
            cursor.take(UInt8(ascii: "u"))
        else {
            throw loneSurrogate()
        }
        let low = try hexadecimal(digits: 4)
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw loneSurrogate() }
        return scalar
    }

    private mutating func hexadecimalScalar() throws(DefinitionProblem) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(try hexadecimal(digits: 2)) else { throw badEscape() }
        return scalar
    }

    private mutating func hexadecimal(digits: Int) throws(DefinitionProblem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = cursor.current.flatMap(Self.hexadecimalDigit) else { throw badEscape() }
            value = value << 4 | digit
            cursor.advance()
        }
        return value
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 55
        default: nil
        }
    }

    private static func isIdentifier(_ scalar: Unicode.Scalar, first: Bool) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "_", "$": return true
        case "0"..."9": return !first
        default: break
        }
        guard scalar.value >= 0x80 else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .letterNumber:
            return true
        case .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation: return !first
        default: return scalar.value == 0x200C || scalar.value == 0x200D ? !first : false
        }
    }

    private func badEscape() -> DefinitionProblem {
        problem(
            "the escape is not one of JSON5",
            next: "write \\\\ for a backslash, \\uXXXX for any other character")
    }

    private func loneSurrogate() -> DefinitionProblem {
        problem("the escape is half of a surrogate pair", next: "write both halves, or the character itself")
    }

    private func nulEscape() -> DefinitionProblem {
        problem("the text holds a NUL", next: "remove it; no name, path or argument can hold one")
    }
}

extension JSON5Reader {
    /// `true`, `false`, `null` or a number.
    mutating func word() throws(DefinitionProblem) -> Located.Content {
        let start = cursor.location
        var bytes: [UInt8] = []
        while let byte = cursor.current, Self.isWord(byte) {
            bytes.append(byte)
            cursor.advance()
        }
        let word = String(decoding: bytes, as: UTF8.self)
        switch word {
        case "": throw problem("a value is expected here", next: "write a value; texts need quotes")
        case "true": return .flag(true)
        case "false": return .flag(false)
        case "null": return .null
        default: break
        }
        // The word itself is not shown: it may be a secret whose quotes were forgotten.
        guard let first = bytes.first, !Self.isLetter(first) || word == "Infinity" || word == "NaN" else {
            throw problem(
                "a word stands without quotes", next: "put texts in quotes; definitions are JSON5, not YAML",
                at: start)
        }
        return try number(bytes, at: start)
    }

    private func number(_ bytes: [UInt8], at start: SourceLocation) throws(DefinitionProblem)
        -> Located.Content
    {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let isSigned = isNegative || bytes.first == UInt8(ascii: "+")
        let rest = Array(bytes.dropFirst(isSigned ? 1 : 0))
        let text = String(decoding: rest, as: UTF8.self)
        guard text != "Infinity", text != "NaN" else {
            throw problem("the number is not finite", next: "write a whole number", at: start)
        }
        let content: Located.Content?
        if rest.starts(with: [48, UInt8(ascii: "x")]) || rest.starts(with: [48, UInt8(ascii: "X")]) {
            let digits = text.dropFirst(2)
            guard !digits.isEmpty,
                digits.utf8.allSatisfy({ ($0 | 0x20) >= 97 ? ($0 | 0x20) <= 102 : Self.isDigit($0) })
            else { throw notANumber(start) }
            content = Int((isNegative ? "-" : "") + digits, radix: 16).map { .integer($0) }
        } else {
            guard let decimal = Decimal(rest) else { throw notANumber(start) }
            let sign = isNegative ? "-" : ""
            content =
                decimal.isWhole
                ? Int(sign + text).map { .integer($0) }
                : Double(sign + decimal.text).flatMap { $0.isFinite ? .fraction($0) : nil }
        }
        guard let content else {
            throw problem("the number is too large", next: "write a number below 2^63", at: start)
        }
        return content
    }

    private func notANumber(_ start: SourceLocation) -> DefinitionProblem {
        problem(
            "this is not a number of JSON5", next: "write digits only, or put a text in quotes", at: start)
    }

    /// The parts of `12.5e-3`, with `.5` and `5.` completed.
    private struct Decimal {
        var text: String
        var isWhole: Bool

        init?(_ bytes: [UInt8]) {
            var rest = bytes[...]
            func digits() -> String {
                let digits = rest.prefix(while: JSON5Reader.isDigit)
                rest = rest.dropFirst(digits.count)
                return String(decoding: digits, as: UTF8.self)
            }
            let whole = digits()
            var fraction = ""
            isWhole = true
            if rest.first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
                fraction = digits()
                isWhole = false
            }
            guard !whole.isEmpty || !fraction.isEmpty, whole.count < 2 || !whole.begins(with: "0") else {
                return nil
            }
            text = "\(whole.isEmpty ? "0" : whole).\(fraction.isEmpty ? "0" : fraction)"
            if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
                rest = rest.dropFirst()
                let sign = rest.first == UInt8(ascii: "-") ? "-" : ""
                if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
                    rest = rest.dropFirst()
                }
                let exponent = digits()
                guard !exponent.isEmpty else { return nil }
                text += "e\(sign)\(exponent)"
                isWhole = false
            }
            guard rest.isEmpty else { return nil }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "$")
    }
}

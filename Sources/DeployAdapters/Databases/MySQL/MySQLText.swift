/// Names and values in SQL, whatever they hold.
enum MySQLText {
    static func identifier(_ name: String) -> String { "`\(name.replacing("`", by: "``"))`" }

    /// In hexadecimal, so that no SQL mode changes what it means.
    static func literal(_ text: String) -> String {
        text.isEmpty ? "''" : "CONVERT(0x\(hexadecimal(text)) USING utf8mb4)"
    }

    /// A database's name where `_` and `%` stand for others.
    static func grantPattern(_ name: String) -> String { identifier(pattern(name)) }

    static func pattern(_ name: String) -> String {
        name.replacing("\\", by: "\\\\").replacing("_", by: "\\_").replacing("%", by: "\\%")
    }

    /// The definition with another definer, which stands before a body that may hold anything.
    static func defined(_ text: String, by account: String) -> String {
        let bytes = Array(text.utf8)
        for start in bytes.indices {
            var cursor = MySQLCursor(bytes: bytes, position: start, end: bytes.count)
            guard cursor.skip("DEFINER") else { continue }
            for sign in [" ", "=", " "] { _ = cursor.skip(sign) }
            guard cursor.skipName(), cursor.skip("@"), cursor.skipName() else { continue }
            let (before, after) = (bytes[..<start], bytes[cursor.position...])
            return String(decoding: before + "DEFINER = \(account)".utf8 + after, as: UTF8.self)
        }
        return text
    }

    static func hexadecimal(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 { bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Rows as the client prints them in batch mode: tabs between values, special characters escaped.
    static func rows(_ output: String) -> [[String]] {
        output.utf8.split(separator: UInt8(ascii: "\n")).map { line in
            line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map(value)
        }
    }

    private static func value(_ field: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var escaped = false
        for byte in field {
            if escaped {
                bytes.append(unescaped(byte))
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "t"): UInt8(ascii: "\t")
        case UInt8(ascii: "0"): 0
        default: byte
        }
    }
}

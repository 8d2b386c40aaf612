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

    /// A definition as the server shows it, made by whoever runs it; what is none stays what it is.
    ///
    /// The definer stands before a body that may hold anything, so only the words of a head may come before it.
    static func definedByRunner(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var cursor = MySQLCursor(bytes: bytes, position: 0, end: bytes.count)
        guard cursor.skip("CREATE ") else { return text }
        _ = cursor.skip("OR REPLACE ")
        for algorithm in ["UNDEFINED", "MERGE", "TEMPTABLE"] { _ = cursor.skip("ALGORITHM=\(algorithm) ") }
        let start = cursor.position
        guard cursor.skip("DEFINER"), cursor.skip("=") || cursor.skip(" = "),
            let end = endOfAccount(in: bytes, at: cursor.position)
        else { return text }
        return String(decoding: bytes[..<start] + "DEFINER=CURRENT_USER".utf8 + bytes[end...], as: UTF8.self)
    }

    /// Behind an account's name, which may be a role's without a host; nil where none stands.
    static func endOfAccount(in bytes: [UInt8], at start: Int) -> Int? {
        var cursor = MySQLCursor(bytes: bytes, position: start, end: bytes.count)
        guard cursor.skipName() else { return nil }
        if cursor.skip("@"), !cursor.skipName() { return nil }
        return cursor.position
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

/// A word on the command line that ssh hands to the login shell of another machine, whichever shell that is.
///
/// A quoted word is read differently by fish and csh than by sh. Here nothing is left to quote: a byte that any of them might
/// read is `+` and two hexadecimal digits, and an empty word is a `+` alone.
public enum FarWord {
    private static let digits = Array("0123456789abcdef".utf8)
    private static let escape = UInt8(ascii: "+")

    public static func encoded(_ word: String) -> String {
        if word.isEmpty { return "+" }
        var bytes: [UInt8] = []
        for byte in word.utf8 {
            if byte.isASCIILetter || byte.isDigit || "-_./".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [escape, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// nil where it is no word that `encoded(_:)` gives.
    public static func decoded(_ text: String) -> String? {
        if text.utf8.elementsEqual([escape]) { return "" }
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            guard byte == escape else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        digits.firstIndex(of: digit).map { UInt8($0) }
    }
}

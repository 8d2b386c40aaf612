import FoundationEssentials

/// How other programs print a value: as it is, escaped for an address, JSON or a shell, or in base 64.
enum SecretForms {
    /// Less of base 64 would be found in ordinary words.
    private static let shortestBase64 = 8

    static func all(of secret: String) -> [[UInt8]] {
        let url = URLText.escaped(secret)
        let texts = [
            secret, url, url.lowercasingEscapes, url.replacing("%20", by: "+"),
            json(secret, onlyASCII: false),
            json(secret, onlyASCII: true), json(secret, onlyASCII: false).replacing("/", by: "\\/"),
            secret.replacing("'", by: "'\\''"),
        ]
        return texts.map { Array($0.utf8) } + base64(Array(secret.utf8))
    }

    /// What stands between the quotes of a JSON text.
    private static func json(_ text: String, onlyASCII: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || onlyASCII && scalar.value > 0x7E:
                for unit in String(scalar).utf16 {
                    result += "\\u" + String(0x1_0000 + Int(unit), radix: 16).dropFirst()
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Alone and in lines, and what of it shows when it stands behind one or two other bytes, in both alphabets.
    private static func base64(_ secret: [UInt8]) -> [[UInt8]] {
        let alone = encoded(secret)
        var forms = [alone, Array(alone.filter { $0 != UInt8(ascii: "=") })]
        for width in [64, 76] where alone.count > width {
            forms += stride(from: 0, to: alone.count, by: width).map { Array(alone[$0...].prefix(width)) }
        }
        for before in 0...2 {
            let whole = encoded(Array(repeating: 0, count: before) + secret)
            let (first, end) = ((8 * before + 5) / 6, 8 * (before + secret.count) / 6)
            forms.append(Array(whole[first..<max(first, end)]))
        }
        return forms.filter { $0.count >= shortestBase64 }.flatMap { [$0, $0.map(urlAlphabet)] }
    }

    private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        Array(Data(bytes).base64EncodedString().utf8)
    }

    private static func urlAlphabet(_ byte: UInt8) -> UInt8 {
        byte == UInt8(ascii: "+") ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
    }
}

extension String {
    /// `%2f` for `%2F`; nothing but an escape holds a percent sign here.
    fileprivate var lowercasingEscapes: String {
        let parts = split(at: "%", keepsEmpty: true)
        return parts[0] + parts.dropFirst().map { "%\($0.prefix(2).lowered)\($0.dropFirst(2))" }.joined()
    }
}

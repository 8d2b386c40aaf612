/// Parts of an address.
enum URLText {
    /// Every byte but letters, digits, `-`, `.`, `_` and `~` as `%XX`.
    static func escaped(_ text: String) -> String {
        String(
            decoding: text.utf8.flatMap { byte -> [UInt8] in
                let isPlain = byte.isASCIILetter || byte.isDigit || "-._~".utf8.contains(byte)
                return isPlain ? [byte] : [UInt8(ascii: "%")] + byte.hexadecimal
            }, as: UTF8.self)
    }
}

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

    /// The host of an http or https address, without its port and the brackets of IPv6; nil where there is none.
    static func host(_ url: String) -> String? {
        guard let rest = url.after("https://") ?? url.after("http://") else { return nil }
        let place = Substring(rest.utf8.prefix { !"/?#".utf8.contains($0) })
        if let six = place.after("[")?.cut(at: "]")?.before { return String(six) }
        let host = place.cut(at: ":")?.before ?? place
        return host.isEmpty ? nil : String(host)
    }
}

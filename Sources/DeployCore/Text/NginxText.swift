/// Values in a file of nginx.
enum NginxText {
    /// One value; a `$` in it would still begin a variable, which is why paths have to be `isWritable`.
    static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", by: "\\\\").replacing("\"", by: "\\\""))\""
    }

    /// A regular expression that matches exactly this text, to stand in quotes.
    static func pattern(_ text: String) -> String {
        let pieces = text.utf8.map { byte -> [UInt8] in
            let isPlain = byte.isASCIILetter || byte.isDigit || byte == UInt8(ascii: "/")
            return isPlain ? [byte] : Array("\\x".utf8) + byte.hexadecimal
        }
        return String(decoding: pieces.joined(), as: UTF8.self)
    }

    /// Whether it holds nothing that nginx gives a meaning of its own, quoted or not.
    static func isWritable(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && !"$\"\\;{}".utf8.contains($0) }
    }
}

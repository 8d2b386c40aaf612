/// Values in a unit file of systemd.
enum SystemdText {
    /// One word of a command line, without specifiers and variables.
    static func quoted(_ word: String) -> String {
        let bytes = word.utf8.map { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "%"): Array("%%".utf8)
            case UInt8(ascii: "$"): Array("$$".utf8)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
            case 0x20...0x7E: [byte]
            default: Array("\\x".utf8) + byte.hexadecimal
            }
        }
        return "\"\(String(decoding: bytes.joined(), as: UTF8.self))\""
    }

    /// A text for people, in one line without specifiers.
    static func line(_ text: String) -> String {
        String(
            decoding: text.utf8.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "%"): Array("%%".utf8)
                case UInt8(ascii: "\\"): [UInt8(ascii: "/")]
                case 0..<0x20, 0x7F: [0x20]
                default: [byte]
                }
            }, as: UTF8.self)
    }
}

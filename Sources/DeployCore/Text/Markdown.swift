/// Text that a reader of Markdown shows as it is.
enum Markdown {
    private static let marks = Array("\\`*_[]<>~|".utf8)
    private static let openings = Array("#-+>".utf8)

    /// One line in which nothing is a mark, a link, a list or a heading.
    static func literal(_ line: String) -> String {
        let bytes = Array(line.utf8)
        let begin = bytes.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.endIndex
        let digits = bytes[begin...].prefix { (0x30...0x39).contains($0) }
        var result: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            let opens = place == begin && openings.contains(byte)
            let numbers = place == digits.endIndex && !digits.isEmpty && (byte == 0x2E || byte == 0x29)
            if opens || numbers || marks.contains(byte) { result.append(0x5C) }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}

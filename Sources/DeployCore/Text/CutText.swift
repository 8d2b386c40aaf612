/// Text of which only the beginning and the end were kept.
///
/// What was cut in two may have been a secret, and half of one is not recognised any more: the line that was cut goes, or
/// as much of it as a secret is long.
public enum CutText {
    private static let longest = 4_096

    /// Bytes of another program's words that are kept, in messages, logs and the state.
    static let kept = 16_384

    /// The text, or what is kept of a long one: its beginning and its end, with a line between that says how much is gone.
    ///
    /// Of an end that is the rest of one long line nothing is kept.
    static func bounded(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.count > kept else { return text }
        let first = Array(bytes.prefix(kept / 2))
        let head = first.lastIndex(of: 0x0A).map { Array(first[...$0]) } ?? beginning(first)
        let last = Array(bytes.suffix(kept / 2))
        let tail = last.firstIndex(of: 0x0A).map { last[($0 + 1)...] } ?? []
        let left = "[\(bytes.count - head.count - tail.count) bytes left out]"
        return [String(decoding: head, as: UTF8.self), left, String(decoding: tail, as: UTF8.self)]
            .map { $0.before("\n").map(String.init) ?? $0 }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The bytes before the cut, without their last line.
    public static func beginning(_ bytes: some BidirectionalCollection<UInt8>) -> [UInt8] {
        let end = bytes.suffix(longest).lastIndex(of: 0x0A).map(bytes.index(after:))
        return Array(end.map { bytes[..<$0] } ?? bytes.dropLast(longest))
    }

    /// The bytes after the cut, without their first line.
    public static func end(_ bytes: some BidirectionalCollection<UInt8>) -> [UInt8] {
        let start = bytes.prefix(longest).firstIndex(of: 0x0A).map(bytes.index(after:))
        return Array(start.map { bytes[$0...] } ?? bytes.dropFirst(longest))
    }
}

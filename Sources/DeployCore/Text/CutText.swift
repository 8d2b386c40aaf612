/// Text of which only the beginning and the end were kept.
///
/// What was cut in two may have been a secret, and half of one is not recognised any more: the line that was cut goes, or
/// as much of it as a secret is long.
public enum CutText {
    private static let longest = 4_096

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

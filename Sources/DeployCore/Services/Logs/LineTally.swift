import CText
import FoundationEssentials

/// Counts the lines that hold each of some texts, in pieces of any size.
struct LineTally {
    /// How many whole lines, and the unfinished one, hold each text.
    private(set) var counts: [String: Int]
    private let texts: [(text: String, bytes: [UInt8])]
    /// Which texts the unfinished line holds already.
    private var found: Set<String> = []
    /// The end of what was fed, as long as a text may begin in it.
    private var rest: [UInt8] = []
    private let overlap: Int

    /// What a log ended with that was not the end of a line, for whoever goes on.
    struct Unfinished: Hashable, Codable, Sendable {
        var rest: Data
        /// The texts that the line holds already.
        var found: [String]
    }

    /// `unfinished`: how the log went before what will be fed; nil where that begins a line.
    init(_ texts: [String], after unfinished: Unfinished? = nil) {
        self.texts = texts.map { ($0, Array($0.utf8)) }
        counts = Dictionary(texts.map { ($0, 0) }) { first, _ in first }
        overlap = max(0, (self.texts.map(\.bytes.count).max() ?? 1) - 1)
        (rest, found) = (Array(unfinished?.rest ?? Data()), Set(unfinished?.found ?? []))
    }

    mutating func feed(_ data: Data) {
        let bytes = rest + data
        bytes.withUnsafeBufferPointer { feed($0) }
        let unfinished = bytes.lastIndex(of: Self.newline).map { $0 + 1 } ?? bytes.startIndex
        rest = Array(bytes[unfinished...].suffix(overlap))
    }

    /// How many lines end in it.
    static func ends(in data: Data) -> Int {
        data.withUnsafeBytes { $0.baseAddress.map { count_byte($0, data.count, newline) } ?? 0 }
    }

    /// nil where what was fed ended with a line, or holds nothing that matters for the next.
    var unfinished: Unfinished? {
        rest.isEmpty && found.isEmpty ? nil : Unfinished(rest: Data(rest), found: found.sorted())
    }

    private mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        let firstEnd = Self.index(of: Self.newline, in: bytes, from: 0)
        var unfinished = firstEnd == nil ? found : []
        for (text, wanted) in texts where !wanted.contains(Self.newline) {
            // A line that was counted is not counted again where it goes on.
            var begin: Int? = found.contains(text) ? firstEnd.map { $0 + 1 } : 0
            while let from = begin, let hit = Self.index(of: wanted, in: bytes, from: from) {
                counts[text, default: 0] += 1
                begin = Self.index(of: Self.newline, in: bytes, from: hit).map { $0 + 1 }
                if begin == nil { unfinished.insert(text) }
            }
        }
        found = unfinished
    }

    private static let newline: UInt8 = 0x0A

    private static func index(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from begin: Int) -> Int? {
        index(of: [byte], in: bytes, from: begin)
    }

    private static func index(
        of text: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from begin: Int
    ) -> Int? {
        guard let start = bytes.baseAddress, begin < bytes.count, !text.isEmpty else { return nil }
        let hit = find_bytes(start + begin, bytes.count - begin, text, text.count)
        return hit < 0 ? nil : begin + hit
    }
}

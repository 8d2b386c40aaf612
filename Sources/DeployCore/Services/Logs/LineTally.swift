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

    init(_ texts: [String]) {
        self.texts = texts.map { ($0, Array($0.utf8)) }
        counts = Dictionary(texts.map { ($0, 0) }) { first, _ in first }
        overlap = max(0, (self.texts.map(\.bytes.count).max() ?? 1) - 1)
    }

    mutating func feed(_ data: Data) {
        let bytes = rest + data
        var line = bytes.startIndex
        while line < bytes.endIndex {
            let end = bytes[line...].firstIndex(of: 0x0A)
            look(in: bytes[line..<(end ?? bytes.endIndex)])
            guard let end else { break }
            found = []
            line = end + 1
        }
        rest = Array(bytes[line...].suffix(overlap))
    }

    /// What follows begins a line.
    mutating func end() { (rest, found) = ([], []) }

    private mutating func look(in line: ArraySlice<UInt8>) {
        for (text, bytes) in texts where !found.contains(text) && Self.holds(bytes, line) {
            found.insert(text)
            counts[text, default: 0] += 1
        }
    }

    private static func holds(_ text: [UInt8], _ line: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first, line.count >= text.count else { return false }
        return line.withUnsafeBufferPointer { line in
            var index = 0
            while index + text.count <= line.count {
                if line[index] == first, text.indices.allSatisfy({ line[index + $0] == text[$0] }) {
                    return true
                }
                index += 1
            }
            return false
        }
    }
}

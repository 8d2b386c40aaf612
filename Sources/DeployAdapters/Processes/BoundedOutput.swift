import DeployCore

/// A stream's beginning and end in bounded memory.
struct BoundedOutput {
    private let limit: Int
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    /// Bytes that came, kept or not.
    private(set) var total = 0

    init(limit: Int) { self.limit = max(limit, 2) }

    private var headLimit: Int { limit / 2 }
    private var tailLimit: Int { limit - headLimit }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        total += bytes.count
        let first = min(headLimit - head.count, bytes.count)
        head.append(contentsOf: bytes[..<first])
        tail.append(contentsOf: bytes[first...].suffix(tailLimit))
        if tail.count > 2 * tailLimit { tail.removeFirst(tail.count - tailLimit) }
    }

    /// Everything so far, which is forgotten.
    mutating func take() -> [UInt8] {
        defer { (head, tail, total) = ([], [], 0) }
        return head + tail.suffix(tailLimit)
    }

    /// The text, with a marker where the middle was dropped and damaged UTF-8 repaired.
    var text: String {
        guard total > head.count + min(tail.count, tailLimit) else {
            return String(decoding: head + tail, as: UTF8.self)
        }
        let (beginning, end) = (CutText.beginning(head), CutText.end(tail.suffix(tailLimit)))
        return String(decoding: beginning, as: UTF8.self)
            + "\n[\(total - beginning.count - end.count) bytes left out]\n"
            + String(decoding: end, as: UTF8.self)
    }
}

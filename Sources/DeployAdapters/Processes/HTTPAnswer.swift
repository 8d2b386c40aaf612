import DeployCore

/// One answer by HTTP as its bytes come in.
struct HTTPAnswer {
    private enum Stage: Equatable {
        case head
        case body(left: Int)
        case chunkSize
        case chunk(left: Int)
        case trailer
        case untilClose
        case whole
    }

    /// What is wrong with an answer.
    struct Fault: Error { let reason: String }

    private static let longest = 64 << 10

    private var stage = Stage.head
    /// Of the head, or of a line between chunks.
    private var line: [UInt8] = []
    private var lines: [String] = []
    private var headBytes = 0
    private var hasBegun = false
    /// Whether body bytes are kept.
    let keepsBody: Bool
    /// The head's bytes, and the body's where they are kept.
    private(set) var output: BoundedOutput

    init(keepsBody: Bool, limit: Int) {
        self.keepsBody = keepsBody
        output = BoundedOutput(limit: limit)
    }

    var isWhole: Bool { stage == .whole }

    /// - Throws: `Fault` as soon as it is no answer by HTTP.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
        hasBegun = hasBegun || !bytes.isEmpty
        var rest = bytes[...]
        while !rest.isEmpty, stage != .whole {
            switch stage {
            case .body(let left): stage = after(left, of: &rest, then: .whole) { .body(left: $0) }
            case .chunk(let left): stage = after(left, of: &rest, then: .chunkSize) { .chunk(left: $0) }
            case .untilClose: _ = after(rest.count, of: &rest, then: .untilClose) { _ in .untilClose }
            default: try takeLine(from: &rest)
            }
        }
    }

    /// The other side has ended the connection.
    ///
    /// - Throws: `Fault` where something is missing.
    mutating func end() throws(Fault) {
        switch stage {
        case .untilClose, .whole: stage = .whole
        case .head where !hasBegun: throw Fault(reason: "the connection ended without an answer")
        default: throw Fault(reason: "the answer broke off")
        }
    }

    /// Takes so many bytes of a body.
    private mutating func after(
        _ left: Int, of rest: inout Slice<UnsafeRawBufferPointer>, then next: Stage, _ more: (Int) -> Stage
    ) -> Stage {
        let taken = rest.prefix(left)
        if keepsBody { output.append(UnsafeRawBufferPointer(rebasing: taken)) }
        rest = rest.dropFirst(taken.count)
        return taken.count == left ? next : more(left - taken.count)
    }

    private mutating func takeLine(from rest: inout Slice<UnsafeRawBufferPointer>) throws(Fault) {
        let end = rest.firstIndex(of: 0x0A)
        let part = end.map { rest[...$0] } ?? rest
        rest = rest.dropFirst(part.count)
        headBytes += part.count
        guard headBytes <= Self.longest else { throw Fault(reason: "its head has more than 64 KiB") }
        if stage == .head { output.append(UnsafeRawBufferPointer(rebasing: part)) }
        line += part
        if stage == .head, lines.isEmpty, !Array("HTTP/".utf8).starts(with: line.prefix(5)) {
            throw Fault(reason: "what answers does not speak HTTP")
        }
        guard end != nil else { return }
        while line.last == 0x0A || line.last == 0x0D { line.removeLast() }
        let text = String(decoding: line, as: UTF8.self)
        line = []
        try read(text)
    }

    private mutating func read(_ text: String) throws(Fault) {
        switch stage {
        case .head where text.isEmpty:
            stage = try bodyStage()
            (lines, headBytes) = ([], 0)
        case .head: lines.append(text)
        // Behind each chunk stands an empty line.
        case .chunkSize where text.isEmpty: break
        case .chunkSize:
            let digits = text.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0 else {
                throw Fault(reason: "the answer's chunks cannot be read")
            }
            headBytes = 0
            stage = size == 0 ? .trailer : .chunk(left: size)
        case .trailer where text.isEmpty: stage = .whole
        default: break
        }
    }

    /// What follows the head that has been read.
    private func bodyStage() throws(Fault) -> Stage {
        let status = lines.first.flatMap { $0.words.dropFirst().first }.flatMap { Int($0) } ?? 0
        switch status {
        case 101, 204, 304: return .whole
        case 100..<200: return .head
        default: break
        }
        var length: Int?
        for line in lines.dropFirst() {
            guard let (name, value) = line.cut(at: ":") else { continue }
            switch name.lowered {
            case "transfer-encoding" where value.trimmed.lowered.ends(with: "chunked"): return .chunkSize
            case "content-length":
                guard let number = Int(value.trimmed), number >= 0, length == nil || length == number else {
                    throw Fault(reason: "the answer's length cannot be read")
                }
                length = number
            default: break
            }
        }
        return length.map { $0 == 0 ? .whole : .body(left: $0) } ?? .untilClose
    }
}

import FoundationEssentials

/// A link of the audit log's chain: an entry's text under the hash of everything before it.
public struct AuditRecord: Hashable, Sendable {
    /// From 1, without a gap.
    public let sequence: Int64
    /// An ``AuditEntry`` as JSON; the hash is of these very bytes.
    public let entry: String
    /// The hash of the record before.
    public let previous: String
    /// SHA-256, 64 hexadecimal digits.
    public let hash: String

    /// What stands before the first one.
    static let beginning = String(repeating: "0", count: 64)

    public init(sequence: Int64, entry: String, previous: String, hash: String) {
        self.sequence = sequence
        self.entry = entry
        self.previous = previous
        self.hash = hash
    }

    /// The link after `last`; nil: the first one.
    public init(_ entry: AuditEntry, after last: AuditRecord?) throws(DeployError) {
        (sequence, previous) = ((last?.sequence ?? 0) + 1, last?.hash ?? Self.beginning)
        self.entry = try JSON.text(entry)
        hash = Self.hash(sequence, self.entry, previous)
    }

    /// nil where the text is no entry.
    public var content: AuditEntry? {
        try? JSON.value(AuditEntry.self, from: Data(entry.utf8), named: "an entry")
    }

    /// Where an audit log had come to of which nothing else is known any more.
    init(lostAt head: AuditHead) {
        self.init(sequence: head.sequence, entry: "", previous: "", hash: head.hash)
    }

    /// Whether it goes on after what was lost with the state.
    func isRebuilding(after lost: AuditHead) -> Bool {
        sequence == lost.sequence + 1 && previous == lost.hash && content?.act == .rebuild && hash == sealed
    }

    /// What is wrong with it after `last`; nil where it fits.
    func misfit(after last: AuditRecord?) -> String? {
        let expected = (last?.sequence ?? 0) + 1
        if sequence != expected { return "entry \(expected) is missing" }
        if previous != last?.hash ?? Self.beginning { return "it does not follow the entry before it" }
        return hash == sealed ? nil : "it was changed after it was written"
    }

    /// The hash that its parts have.
    var sealed: String { Self.hash(sequence, entry, previous) }

    /// Whether nothing but a power failure can have kept these, the newest of all, from the anchor: an act begins only
    /// when everything before it is there.
    public static func mayLackAnchors(_ records: [AuditRecord]) -> Bool {
        records.dropFirst().allSatisfy { $0.content?.outcome != nil }
    }

    /// Each part with its length before it, so that no two records have the same bytes.
    private static func hash(_ sequence: Int64, _ entry: String, _ previous: String) -> String {
        let parts = ["deployctl audit 1", "\(sequence)", previous, entry]
        return SHA256.hexadecimal(of: parts.map { "\($0.utf8.count):\($0)," }.joined())
    }
}

/// What says outside of the state how far the chain has come: `12:6f1c…`.
struct AuditHead: Hashable, Sendable {
    let sequence: Int64
    let hash: String

    init(_ record: AuditRecord) { (sequence, hash) = (record.sequence, record.hash) }
    init(sequence: Int64, hash: String) { (self.sequence, self.hash) = (sequence, hash) }

    /// nil for any other text, such as a line that was cut.
    init?(_ text: some StringProtocol) {
        let parts = String(text).split(at: ":", keepsEmpty: true).map(String.init)
        guard parts.count == 2, let sequence = Int64(parts[0]), sequence > 0, parts[0] == "\(sequence)",
            parts[1].utf8.count == 64, parts[1].holdsOnly("0123456789abcdef")
        else { return nil }
        (self.sequence, hash) = (sequence, parts[1])
    }

    var text: String { "\(sequence):\(hash)" }
}

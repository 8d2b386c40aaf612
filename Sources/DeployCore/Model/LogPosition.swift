import FoundationEssentials

/// Where a service's log ended when a deployment began, and how that place is found again.
public struct LogPosition: Hashable, Codable, Sendable {
    /// How many bytes of the log had been written, what was taken off its file included; 0 when there was none.
    public var bytes: Int64
    /// The file's identity; nil when there was none, and where an earlier version recorded it.
    public var file: String?
    /// SHA-256 of the last bytes before the place; nil where there were none, and where an earlier version recorded it.
    public var anchor: String?

    public init(bytes: Int64, file: String? = nil, anchor: String? = nil) {
        self.bytes = bytes
        self.file = file
        self.anchor = anchor
    }
}

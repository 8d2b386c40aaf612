/// A file's size and content.
public struct FileDigest: Hashable, Codable, Sendable {
    /// The file's size.
    public var bytes: Int64
    /// Lower-case hexadecimal.
    public var sha256: String

    public init(bytes: Int64, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }
}

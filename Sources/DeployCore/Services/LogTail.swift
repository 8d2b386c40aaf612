import FoundationEssentials

/// The end of a log file.
public struct LogTail: Sendable {
    let files: any FileStore

    public init(files: any FileStore) { self.files = files }

    /// The last lines, oldest first; none when there is no file.
    public func last(_ count: Int, of path: String) -> [String] {
        let limit = 256 * max(count, 64)
        guard let data = try? files.readEnd(of: path, bytes: limit) else { return [] }
        let bytes = data.count < limit ? Array(data) : CutText.end(data)
        return String(decoding: bytes, as: UTF8.self).lines.suffix(count).map(String.init)
    }
}

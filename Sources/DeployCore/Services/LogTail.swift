import FoundationEssentials

/// The end of a log file.
public struct LogTail: Sendable {
    let files: any FileStore

    public init(files: any FileStore) { self.files = files }

    /// The last lines, oldest first; none when there is no file.
    public func last(_ count: Int, of path: String) -> [String] {
        guard let data = try? files.readEnd(of: path, bytes: 256 * max(count, 64)) else { return [] }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(count)
            .map(String.init)
    }
}

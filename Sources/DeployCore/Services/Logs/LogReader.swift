import FoundationEssentials

/// What one service wrote, across everything that was taken off its log, and what it goes on to write.
public struct LogReader {
    private let log: LogFiles
    private let files: any FileStore
    /// The place up to which lines were given out.
    private var place: Int64

    /// `path`: absolute, of the log.
    public init(_ site: Site, log path: String) {
        log = LogFiles(ports: site.ports, path: path)
        files = site.ports.files
        place = log.end.bytes
    }

    /// Bytes of one part that are read at most.
    private static let limit: Int64 = 16 << 20

    /// Whether nothing was ever written.
    public var isEmpty: Bool { place == 0 }

    /// The last lines that fit, oldest first.
    public func last(_ count: Int, where fits: (String) -> Bool = { _ in true }) -> [String] {
        let pieces = ((try? LogRecord.inForce(of: log.path, files)) ?? LogRecord()).pieces
        let parts =
            [LogFiles.Part(path: log.path, begin: 0)]
            + pieces.reversed().map {
                LogFiles.Part(path: LogFiles.file(of: $0, log.path, files), begin: 0)
            }
        var found: [String] = []
        for part in parts where found.count < count {
            guard let data = try? log.text(of: part, atMost: Self.limit) else { continue }
            found = Self.lines(data).filter(fits).suffix(count - found.count) + found
        }
        return found
    }

    /// What was written from one place to another; nil where it is no longer there as a whole.
    public func lines(from begin: LogPosition, to end: LogPosition) -> [String]? {
        guard let record = try? LogRecord.inForce(of: log.path, files), let parts = log.written(since: begin)
        else { return nil }
        var left = end.bytes - begin.bytes
        var found: [String] = []
        for part in parts where left > 0 {
            guard let data = try? log.text(of: part, upTo: part.begin + left, atMost: Self.limit) else {
                return nil
            }
            found += Self.lines(data)
            let piece = record.pieces.first { part.path.begins(with: "\(Path.parent(log.path))/\($0.name)") }
            let whole = piece?.bytes ?? files.size(of: part.path) ?? 0
            left -= max(0, whole - part.begin)
        }
        return found
    }

    /// Whole lines since the last call, or since the reader was made.
    public mutating func newLines() throws(DeployError) -> [String] {
        let base = log.base
        let size = files.size(of: log.path) ?? 0
        if base + size < place { place = base }
        guard base + size > place else { return [] }
        let begin = max(0, place - base)
        let data = try files.read(log.path, from: begin, limit: Int(min(size - begin, Self.limit))) ?? Data()
        guard log.base == base else { return [] }
        guard let end = data.lastIndex(of: 0x0A) else { return [] }
        let whole = data[...end]
        place = base + begin + Int64(whole.count)
        return Self.lines(whole)
    }

    private static func lines(_ data: Data) -> [String] {
        String(decoding: data, as: UTF8.self).lines.map(String.init)
    }
}

import FoundationEssentials

/// Some of what was written to a log since a place in it, in whole lines.
struct LogPortion: Hashable {
    /// Empty where nothing was written, or only the beginning of a line.
    var lines = Data()
    /// The place after them.
    var next: LogPosition
}

extension LogFiles {
    /// The first lines since a place, at most `limit` bytes and `count` lines; nil where it cannot be known what was written.
    ///
    /// A line ends in its middle where it alone is longer, and at the end of a file that nobody writes to any more.
    func portion(since place: LogPosition, atMost limit: Int64, lines count: Int = .max) throws(DeployError)
        -> LogPortion?
    {
        guard let parts = written(since: place) else { return nil }
        for part in parts {
            var data = Data()
            try read(part, atMost: limit) { data.append($0) }
            guard !data.isEmpty else { continue }
            let isFinal = part.path != path
            let end = Self.end(ofLines: count, in: data)
            let lines = end.map { data[..<$0] } ?? (isFinal || data.count == limit ? data : Data())
            let taken = Int64(lines.count)
            return LogPortion(
                lines: Data(lines), next: try self.place(after: taken, since: place, in: part))
        }
        return LogPortion(next: place)
    }

    /// Behind the last line that is whole, of so many; nil where none is.
    private static func end(ofLines count: Int, in data: Data) -> Data.Index? {
        guard count < data.count else { return data.lastIndex(of: 0x0A).map(data.index(after:)) }
        return data.indices.lazy.filter { data[$0] == 0x0A }.prefix(count).last.map(data.index(after:))
    }

    private func place(
        after taken: Int64, since place: LogPosition, in part: Part
    ) throws(DeployError) -> LogPosition {
        guard taken > 0 else { return place }
        let base = base
        guard place.bytes >= base else { return LogPosition(bytes: place.bytes + taken) }
        let offset = part.begin + taken
        return LogPosition(
            bytes: base + offset, file: files.identity(of: part.path),
            anchor: anchor(of: part.path, at: offset))
    }
}

import FoundationEssentials

/// The end of a log file.
struct LogTail: Sendable {
    let files: any FileStore

    init(files: any FileStore) { self.files = files }

    /// The last lines, oldest first; none when there is no file.
    ///
    /// `from`: where in the file, in bytes, lines begin to count; a shorter file was rotated and counts whole.
    func last(_ count: Int, of path: String, from begin: Int64 = 0) -> [String] {
        let size = files.size(of: path) ?? 0
        let counting = Int(size >= begin ? size - begin : size)
        let limit = min(256 * max(count, 64), counting)
        guard limit > 0 else { return [] }
        guard let data = try? files.readEnd(of: path, bytes: limit) else { return [] }
        let bytes = data.count < limit || limit == counting ? Array(data) : CutText.end(data)
        return String(decoding: bytes, as: UTF8.self).lines.suffix(count).map(String.init)
    }

    /// The last ten lines as a message may repeat them: the file itself says all.
    ///
    /// Of lines that differ in numbers alone the newest, so that a probe's many answers do not hide what they are about.
    ///
    /// `moment`: when what they are about began; earlier lines that say their own moment tell of something else.
    func quotable(of path: String, from begin: Int64 = 0, since moment: Date? = nil) -> [String] {
        var seen: Set<[UInt8]> = []
        let newest = last(400, of: path, from: begin).reversed().filter { line in
            let isEarlier = moment.map { moment in Self.moment(of: line).map { $0 < moment } ?? false }
            return isEarlier != true && seen.insert(Self.shape(line)).inserted
        }
        return CommandResult.repeatable(newest.prefix(10).reversed().joined(separator: "\n")).map(String.init)
    }

    /// When a line says that it was printed, to the second; nil where it does not.
    private static func moment(of line: String) -> Date? {
        guard let stamp = line.cut(at: " ")?.before.before("Z"), let seconds = stamp.cutLast(at: ".")?.before
        else { return nil }
        return UTC.date(rfc3339: "\(seconds)Z")
    }

    /// The line with one sign for each number.
    private static func shape(_ line: String) -> [UInt8] {
        line.utf8.reduce(into: []) { shape, byte in
            if !byte.isDigit { shape.append(byte) } else if shape.last != 0 { shape.append(0) }
        }
    }
}

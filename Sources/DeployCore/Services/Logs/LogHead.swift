import FoundationEssentials

/// The beginning of a log's own file, which is given up where it lies: whole blocks, and whole lines where a line ends with one.
struct LogHead {
    let log: String
    let count: LogCount
    let files: any FileStore

    /// File systems take whole blocks off a file.
    static let block: Int64 = 4096
    /// How far the end of a line that is also the end of a block is looked for, in bytes, and how much is read at once.
    private static let (patience, portion) = (Int64(16 << 20), Int64(1 << 20))
    private static let anchorLength = 4096

    private var size: Int64 { min(files.size(of: log) ?? 0, LogRecord.longest) }

    /// Gives up so many bytes or a little more, which are counted first; nil where there is nothing to give up.
    func giveUp(_ bytes: Int64, _ old: LogRecord) throws(DeployError) -> LogRecord? {
        let size = size
        // Something has to stay.
        let most = (size - 1) / Self.block * Self.block
        guard most > 0, old.pieces.isEmpty else { return nil }
        let wanted = min((bytes + Self.block - 1) / Self.block * Self.block, most)
        let dropped = try endOfLine(from: wanted, upTo: most) ?? wanted
        var record = old
        let lines = try tally(dropped, in: &record)
        let more = LogRecord.GivenUp(lines: lines, bytes: dropped)
        record.givenUp = record.givenUp.map { $0 + more } ?? more
        record.base += dropped
        record.head = LogRecord.Head(bytes: dropped, anchor: anchor)
        record.pending = size
        try record.write(of: log, files)
        try files.dropHead(dropped, of: log)
        try finish(&record)
        return record
    }

    /// Finishes what was killed between its record and its effect.
    func settle(_ record: inout LogRecord) throws(DeployError) {
        guard let head = record.head, let before = record.pending else { return }
        if size >= before, anchor == head.anchor { try files.dropHead(head.bytes, of: log) }
        try finish(&record)
    }

    private func finish(_ record: inout LogRecord) throws(DeployError) {
        (record.head, record.pending) = (nil, nil)
        try record.write(of: log, files)
    }

    private var anchor: String? {
        guard let data = try? files.read(log, from: 0, limit: Self.anchorLength) else { return nil }
        return SHA256.hexadecimal(of: data)
    }

    /// Returns how many lines end in it.
    private func tally(_ dropped: Int64, in record: inout LogRecord) throws(DeployError) -> Int {
        var lines = 0
        var tally = count.running(at: record.base, of: log, in: record)
        let reader = LogFiles(files: files, commands: count.commands, path: log)
        let read = try reader.read(LogFiles.Part(path: log, begin: 0), atMost: dropped) {
            lines += LineTally.ends(in: $0)
            tally?.feed($0)
        }
        if read == dropped, let now = tally?.now { record.tally = now }
        return lines
    }

    /// The first place from one on at which a line and a block end together; nil where there is none near.
    private func endOfLine(from begin: Int64, upTo most: Int64) throws(DeployError) -> Int64? {
        let end = min(most, begin + Self.patience)
        // The block that ends at the place itself counts.
        var place = begin - Self.block
        while place < end {
            let length = Int(min(Self.portion, end - place))
            guard let data = try files.read(log, from: place, limit: length), data.count >= Self.block else {
                return nil
            }
            for index in 1...data.count / Int(Self.block)
            where data[data.startIndex + index * Int(Self.block) - 1] == 0x0A {
                return place + Int64(index) * Self.block
            }
            place += Int64(data.count) / Self.block * Self.block
        }
        return nil
    }
}

import FoundationEssentials

/// Keeps logs within their bounds while others write to them.
///
/// What is taken off a log's beginning lies in pieces beside it, packed by zstd where that is installed; writers notice nothing.
struct LogRotation {
    let rules: Environment.LogRules
    let files: any FileStore
    let commands: any CommandRunner
    let clock: any WallClock
    /// How many are taken off one log at most.
    var pieces = Int.max
    /// Bytes up to which a log is taken apart whatever the rules keep.
    var largest: Int64 = 1 << 30

    /// What is still to be searched of a log when a piece of it is given up.
    struct Watched {
        var begin: Int64
        var texts: [String]
    }

    /// File systems take whole blocks off a file.
    private static let block = 4096
    /// How far the end of a line that is also the end of a block is looked for, in sizes of a piece.
    private static let patience = 4
    /// What is taken off a log at once that grew far beyond its size.
    private static let largestPiece: Int64 = 16 << 20

    /// While it is held nobody takes anything off an environment's logs; nil where somebody else holds it.
    static func lock(_ site: Site) throws(DeployError) -> (any HeldLock)? {
        try site.ports.files.lock("\(site.layout.root)/log-care")
    }

    /// Takes off what is too much, packs it, and gives up what no rule keeps, the oldest first.
    ///
    /// `logs`: absolute paths, of one environment: together they are kept within its bounds. `watched`: by path.
    ///
    /// - Throws: what kept the first log from its turn; the others have had theirs.
    func turn(_ logs: [String], watched: [String: Watched] = [:]) throws(DeployError) {
        var records: [String: LogRecord] = [:]
        var failure: DeployError?
        for log in logs where files.kind(of: log) == .file {
            do throws(DeployError) {
                records[log] = try turn(log, watched[log])
            } catch {
                failure = failure ?? error
                // What a full disk needs is that its oldest pieces go.
                if let known = try? LogRecord.read(of: log, files), known.pending == nil {
                    records[log] = known
                }
            }
        }
        // What even packed would be too much is not packed first.
        records = try giveUp(records, watched, beyond: min(rules.within, .max / 4) * 4)
        for (log, record) in records {
            do throws(DeployError) {
                for piece in record.pieces { try pack(piece, of: log) }
            } catch { failure = failure ?? error }
        }
        _ = try giveUp(records, watched, beyond: rules.within)
        if let failure { throw failure }
    }

    private func turn(_ log: String, _ watched: Watched?) throws(DeployError) -> LogRecord {
        var record = try LogRecord.read(of: log, files)
        try settle(&record, of: log)
        if record.since == nil {
            record.since = clock.now()
            try record.write(of: log, files)
        }
        try giveUpAtOnce(&record, of: log, watched)
        var left = pieces
        while left > 0, try takeOff(&record, of: log) { left -= 1 }
        return record
    }

    /// What no rule would keep is not carried over piece by piece, and yet counted.
    private func giveUpAtOnce(
        _ record: inout LogRecord, of log: String, _ watched: Watched?
    ) throws(DeployError) {
        let size = size(of: log)
        guard size > max(2 * rules.within, largest) else { return }
        let wanted = (size - rules.within) / Int64(Self.block) * Int64(Self.block)
        let lineEnd = try endOfLine(in: log, from: wanted, upTo: size - 1)
        let dropped = lineEnd ?? wanted
        if let watched, lineEnd != nil {
            for piece in record.pieces { try count(piece, of: log, watched, in: &record) }
            let head = LogRecord.Piece(
                name: Path.name(log), begin: record.base, end: record.base + dropped, closed: clock.now())
            try count(head, at: log, of: log, watched, in: &record)
        } else {
            record.tally = nil
        }
        for piece in record.pieces {
            for name in [piece.name, "\(piece.name).zst"] { try files.remove("\(Path.parent(log))/\(name)") }
        }
        record.pieces = []
        record.base += dropped
        try record.write(of: log, files)
        try files.dropHead(dropped, of: log)
    }

    /// The first place from one on at which a line and a block end together; nil where there is none near.
    private func endOfLine(in log: String, from begin: Int64, upTo end: Int64) throws(DeployError) -> Int64? {
        let length = min(end - begin, Self.largestPiece)
        guard length > 0, let data = try files.read(log, from: begin, limit: Int(length)) else { return nil }
        guard data.count >= Self.block else { return nil }
        let blocks = (1...data.count / Self.block).first { Self.endsLine(data, $0) }
        return blocks.map { begin + Int64($0 * Self.block) }
    }

    /// Who holds a log open may lengthen it without writing.
    private func size(of path: String) -> Int64 { min(files.size(of: path) ?? 0, LogRecord.longest) }

    /// Finishes what a killed turn has left.
    private func settle(_ record: inout LogRecord, of log: String) throws(DeployError) {
        guard let before = record.pending, let last = record.pieces.last else { return }
        let size = size(of: log)
        if size >= before, try isStillThere(last, in: log) { try files.dropHead(last.bytes, of: log) }
        record.pending = nil
        try record.write(of: log, files)
    }

    private func isStillThere(_ piece: LogRecord.Piece, in log: String) throws(DeployError) -> Bool {
        let copy = try files.read("\(Path.parent(log))/\(piece.name)")
        let head = try files.read(log, from: 0, limit: Int(piece.bytes))
        return copy != nil && copy == head
    }

    /// Whether there may be more to take off.
    private func takeOff(_ record: inout LogRecord, of log: String) throws(DeployError) -> Bool {
        let size = size(of: log)
        let isOld = isOld(record)
        guard size >= rules.size || isOld else { return false }
        guard let head = try head(of: log, ofSize: size) else { return false }
        let now = clock.now()
        try removeOrphans(record, of: log)
        let piece = LogRecord.Piece(
            name: name(of: log, at: now), begin: record.base, end: record.base + Int64(head.count),
            closed: now)
        try files.publish(head, to: "\(Path.parent(log))/\(piece.name)")
        record.pieces.append(piece)
        record.base = piece.end
        record.pending = size
        record.since = now
        try record.write(of: log, files)
        try files.dropHead(piece.bytes, of: log)
        record.pending = nil
        try record.write(of: log, files)
        return !isOld || size - piece.bytes >= rules.size
    }

    /// Whether nothing was taken off for as long as the rules say.
    private func isOld(_ record: LogRecord) -> Bool {
        guard let since = record.since else { return false }
        return clock.now().timeIntervalSince(since) >= rules.every.seconds
    }

    /// The piece to take off, which ends where a line and a block end together; nil where there is too little.
    ///
    /// In the middle of a line only where no such place is found in `patience` sizes of a piece, or in what all logs together
    /// may hold.
    private func head(of log: String, ofSize size: Int64) throws(DeployError) -> Data? {
        let usual = Int(min(max(rules.size, min(size / 4, Self.largestPiece)), size))
        guard let head = try files.read(log, from: 0, limit: usual) else { return nil }
        // Something has to stay.
        let blocks = min(head.count, Int(size) - 1) / Self.block
        guard blocks > 0 else { return nil }
        for block in (1...blocks).reversed() where Self.endsLine(head, block) {
            return head.prefix(block * Self.block)
        }
        let longest = min(Int64(usual) * Int64(Self.patience), size - 1)
        guard longest > usual, let more = try files.read(log, from: 0, limit: Int(longest)) else {
            return nil
        }
        for block in stride(from: blocks + 1, through: more.count / Self.block, by: 1)
        where Self.endsLine(more, block) {
            return more.prefix(block * Self.block)
        }
        let most = min(Int64(usual) * Int64(Self.patience), max(rules.within, Int64(usual)))
        return size > most ? head.prefix(blocks * Self.block) : nil
    }

    private static func endsLine(_ data: Data, _ block: Int) -> Bool {
        data[data.startIndex + block * Self.block - 1] == 0x0A
    }

    /// `web.log-20261127214005123`, to the millisecond, and later than any before.
    private func name(of log: String, at now: Date) -> String {
        var moment = now
        while true {
            let digits = UTC.digits(milliseconds: moment)
            let name = "\(Path.name(log))-\(digits)"
            let path = "\(Path.parent(log))/\(name)"
            if files.kind(of: path) == nil, files.kind(of: "\(path).zst") == nil { return name }
            moment = moment.addingTimeInterval(0.001)
        }
    }

    /// What a killed turn had written and not yet taken off.
    private func removeOrphans(_ record: LogRecord, of log: String) throws(DeployError) {
        let (folder, prefix) = (Path.parent(log), "\(Path.name(log))-")
        for name in files.names(in: folder) {
            guard let digits = name.after(prefix)?.split(at: ".").first, LogRecord.isOwn(digits),
                !record.pieces.contains(where: { $0.name == "\(prefix)\(digits)" })
            else { continue }
            try files.remove("\(folder)/\(name)")
        }
    }

    private func pack(_ piece: LogRecord.Piece, of log: String) throws(DeployError) {
        let path = "\(Path.parent(log))/\(piece.name)"
        guard files.kind(of: path) == .file, commands.has("zstd") else { return }
        let unfinished = "\(Path.parent(log))/.\(piece.name).zst"
        try files.remove(unfinished)
        var request = CommandRequest(ZstdCommands.packingLog, deadline: .seconds(120))
        request.inputFile = path
        request.outputFile = unfinished
        guard commands.run(request).succeeded else {
            try files.remove(unfinished)
            return
        }
        try files.makeDurable(unfinished)
        try files.rename(unfinished, to: "\(path).zst")
        try files.remove(path)
    }

    private func giveUp(
        _ records: [String: LogRecord], _ watched: [String: Watched], beyond bound: Int64
    ) throws(DeployError) -> [String: LogRecord] {
        var records = records
        let oldest = clock.now().addingTimeInterval(-rules.keepFor.seconds)
        var total = records.keys.reduce(Int64(0)) { $0 + bytes(of: $1, records[$1]) }
        while let next = records.compactMap({ log, record in record.pieces.first.map { (log, $0) } })
            .min(by: { ($0.1.closed, $0.0) < ($1.1.closed, $1.0) }),
            total > bound || next.1.closed < oldest
        {
            let (log, piece) = next
            guard var record = records[log] else { break }
            total -= self.bytes(of: piece, log)
            if let watched = watched[log] { try count(piece, of: log, watched, in: &record) }
            record.pieces.removeFirst()
            try record.write(of: log, files)
            for name in [piece.name, "\(piece.name).zst"] { try files.remove("\(Path.parent(log))/\(name)") }
            records[log] = record
        }
        return records
    }

    private func bytes(of log: String, _ record: LogRecord?) -> Int64 {
        (record?.pieces ?? []).reduce(size(of: log)) { $0 + bytes(of: $1, log) }
    }

    private func bytes(of piece: LogRecord.Piece, _ log: String) -> Int64 {
        [piece.name, "\(piece.name).zst"].reduce(0) {
            $0 + size(of: "\(Path.parent(log))/\($1)")
        }
    }

    /// Adds to the tally what the gate of a promotion could not find any more.
    ///
    /// `file`: where the piece lies, if not in a file of its own.
    private func count(
        _ piece: LogRecord.Piece, at file: String? = nil, of log: String, _ watched: Watched,
        in record: inout LogRecord
    ) throws(DeployError) {
        guard piece.end > watched.begin else { return }
        let goesOn = record.tally.map {
            $0.begin == watched.begin && $0.end == piece.begin && Set($0.counts.keys) == Set(watched.texts)
        }
        guard goesOn == true || piece.begin <= watched.begin else { return }
        let part = LogFiles.Part(
            path: file ?? LogFiles.file(of: piece, log, files), begin: max(0, watched.begin - piece.begin))
        var lines = LineTally(watched.texts, after: goesOn == true ? record.tally?.unfinished : nil)
        let log = LogFiles(files: files, commands: commands, path: log)
        let length = piece.bytes - part.begin
        do throws(DeployError) {
            guard try log.read(part, atMost: length, { lines.feed($0) }) == length else { return }
        } catch {
            // What cannot be read any more is given up; what somebody's wish to end kept from being read is not.
            guard error.code != .interrupted else { throw error }
            return
        }
        var tally =
            goesOn == true
            ? record.tally : LogRecord.Tally(begin: watched.begin, end: piece.begin, counts: [:])
        tally?.end = piece.end
        tally?.unfinished = lines.unfinished
        tally?.counts.merge(lines.counts, uniquingKeysWith: +)
        record.tally = tally
    }
}

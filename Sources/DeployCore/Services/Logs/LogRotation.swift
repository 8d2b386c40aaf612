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
    /// Of whoever takes one turn after the other.
    var pace = LogPace()

    /// File systems take whole blocks off a file.
    private static let block = Int(LogHead.block)
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
    /// `logs`: absolute paths, of one environment: together they are kept within its bounds, also while it works, but for what
    /// is written faster than it was lately. What grows faster than it can be packed is given up as it lies. `watched`: by path.
    ///
    /// - Throws: what kept the first log from its turn; the others have had theirs.
    func turn(_ logs: [String], watched: [String: LogCount.Watched] = [:]) throws(DeployError) {
        let present = logs.filter { files.kind(of: $0) == .file }
        let room = LogRoom(
            rules: rules, count: LogCount(watched: watched, files: files, commands: commands), files: files,
            clock: clock, pace: pace)
        var records: [String: LogRecord] = [:]
        var failure: DeployError?
        for log in present {
            do throws(DeployError) { records[log] = try begin(log, room) } catch {
                failure = failure ?? error
                records[log] = settled(log)
            }
        }
        try room.make(in: &records)
        for log in present where !pace.isFlood(within: rules.within) {
            do throws(DeployError) { try takeOff(log, &records, room) } catch {
                failure = failure ?? error
                records[log] = settled(log)
            }
        }
        try room.make(in: &records)
        room.note(records)
        if let failure { throw failure }
    }

    /// What a full disk needs is that its oldest pieces go; nil where the last piece may still be in the log.
    private func settled(_ log: String) -> LogRecord? {
        let known = try? LogRecord.read(of: log, files)
        return known?.pending == nil ? known : nil
    }

    private func begin(_ log: String, _ room: LogRoom) throws(DeployError) -> LogRecord {
        var record = try LogRecord.read(of: log, files)
        try LogHead(log: log, count: room.count, files: files).settle(&record)
        try settle(&record, of: log)
        if record.since == nil {
            record.since = clock.now()
            try record.write(of: log, files)
        }
        return record
    }

    /// One piece after the other: there is room for it before it is copied, and it is packed before the next.
    private func takeOff(
        _ log: String, _ records: inout [String: LogRecord], _ room: LogRoom
    ) throws(DeployError) {
        var left = pieces
        while left > 0, !pace.isFlood(within: rules.within), let record = records[log] {
            let (size, isOld) = (size(of: log), isOld(record))
            guard size >= rules.size || isOld else { break }
            try room.givePiecesUp(in: &records, upTo: room.bound - usual(ofSize: size))
            let free = room.bound - room.total(of: records)
            guard let head = try head(of: log, ofSize: size, atMost: free), var record = records[log] else {
                break
            }
            try takeOff(head, of: log, &record, room.count)
            records[log] = record
            if let piece = record.pieces.last {
                try pack(piece, of: log, within: room.time(toPack: piece.bytes, records))
            }
            left -= 1
            try room.make(in: &records)
        }
        for piece in records[log]?.pieces ?? [] {
            try pack(piece, of: log, within: room.time(toPack: piece.bytes, records))
        }
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

    private func takeOff(
        _ head: Data, of log: String, _ record: inout LogRecord, _ count: LogCount
    ) throws(DeployError) {
        let now = clock.now()
        try removeOrphans(record, of: log)
        var piece = LogRecord.Piece(
            name: name(of: log, at: now), begin: record.base, end: record.base + Int64(head.count),
            closed: now)
        var tally = count.running(at: piece.begin, of: log, in: record)
        tally?.feed(head)
        piece.tally = tally?.now
        try files.publish(head, to: "\(Path.parent(log))/\(piece.name)")
        record.pieces.append(piece)
        record.base = piece.end
        record.pending = size(of: log)
        record.since = now
        try record.write(of: log, files)
        try files.dropHead(piece.bytes, of: log)
        record.pending = nil
        try record.write(of: log, files)
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
    private func head(of log: String, ofSize size: Int64, atMost free: Int64) throws(DeployError) -> Data? {
        let usual = Int(min(usual(ofSize: size), free))
        guard usual >= Self.block, let head = try files.read(log, from: 0, limit: usual) else { return nil }
        // Something has to stay.
        let blocks = min(head.count, Int(size) - 1) / Self.block
        guard blocks > 0 else { return nil }
        for block in (1...blocks).reversed() where Self.endsLine(head, block) {
            return head.prefix(block * Self.block)
        }
        let longest = min(Int64(usual) * Int64(Self.patience), size - 1, free)
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

    /// Bytes that are taken off a log of so many.
    private func usual(ofSize size: Int64) -> Int64 {
        min(max(rules.size, min(size / 4, Self.largestPiece)), size)
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

    private func pack(
        _ piece: LogRecord.Piece, of log: String, within deadline: Duration
    ) throws(DeployError) {
        let path = "\(Path.parent(log))/\(piece.name)"
        guard files.kind(of: path) == .file, commands.has("zstd") else { return }
        let unfinished = "\(Path.parent(log))/.\(piece.name).zst"
        try files.remove(unfinished)
        var request = CommandRequest(ZstdCommands.packingLog, deadline: deadline)
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
}

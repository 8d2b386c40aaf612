import FoundationEssentials

/// Counts what the gate of a promotion could not find any more, before it goes.
struct LogCount {
    /// What is still to be searched of a log when something of it is given up.
    struct Watched {
        var begin: Int64
        var texts: [String]
    }

    /// By path of the log.
    let watched: [String: Watched]
    let files: any FileStore
    let commands: any CommandRunner

    /// From where the record's pieces and tally end on; nil where nothing is watched, or what came before was not counted.
    func running(at place: Int64, of log: String, in record: LogRecord) -> RunningTally? {
        guard let watched = watched[log] else { return nil }
        let before = record.pieces.last.map(\.tally) ?? record.tally
        if let before, before.end == place, fits(before, watched) { return RunningTally(after: before) }
        return place <= watched.begin ? RunningTally(watched, at: place) : nil
    }

    private func fits(_ tally: LogRecord.Tally, _ watched: Watched) -> Bool {
        tally.begin == watched.begin && Set(tally.counts.keys) == Set(watched.texts)
    }

    /// Adds the oldest piece to the record's tally.
    func keep(_ piece: LogRecord.Piece, of log: String, in record: inout LogRecord) throws(DeployError) {
        guard let watched = watched[log], piece.end > watched.begin else { return }
        if let known = piece.tally, fits(known, watched) { return record.tally = known }
        var alone = record
        alone.pieces = []
        guard var tally = running(at: piece.begin, of: log, in: alone) else { return }
        let reader = LogFiles(files: files, commands: commands, path: log)
        let part = LogFiles.Part(path: LogFiles.file(of: piece, log, files), begin: 0)
        do throws(DeployError) {
            guard try reader.read(part, atMost: piece.bytes, { tally.feed($0) }) == piece.bytes else {
                return
            }
        } catch {
            // What cannot be read any more is given up; what somebody's wish to end kept from being read is not.
            guard error.code != .interrupted else { throw error }
            return
        }
        record.tally = tally.now
    }
}

/// A tally that goes on.
struct RunningTally {
    private let begin: Int64
    private var place: Int64
    private let before: [String: Int]
    private var lines: LineTally

    init(after tally: LogRecord.Tally) {
        (begin, place, before) = (tally.begin, tally.end, tally.counts)
        lines = LineTally(tally.counts.keys.sorted(), after: tally.unfinished)
    }

    /// `place`: of what is fed first; what lies before the watched part is not searched.
    init(_ watched: LogCount.Watched, at place: Int64) {
        (begin, self.place, before) = (watched.begin, place, [:])
        lines = LineTally(watched.texts)
    }

    mutating func feed(_ data: Data) {
        let skipped = min(max(0, begin - place), Int64(data.count))
        lines.feed(data.dropFirst(Int(skipped)))
        place += Int64(data.count)
    }

    /// Of all that was fed; nil before anything of the watched part was.
    var now: LogRecord.Tally? {
        guard place > begin else { return nil }
        return LogRecord.Tally(
            begin: begin, end: place, counts: before.merging(lines.counts, uniquingKeysWith: +),
            unfinished: lines.unfinished)
    }
}

import FoundationEssentials

/// How much an environment's logs take together, and what goes for it: the oldest first.
struct LogRoom {
    let rules: Environment.LogRules
    let count: LogCount
    let files: any FileStore
    let clock: any WallClock
    let pace: LogPace

    /// Bytes of logs and pieces.
    func total(of records: [String: LogRecord]) -> Int64 {
        records.keys.reduce(kept(by: records)) { $0 + size(of: $1) }
    }

    /// Bytes that all may take now, with room for what will be written until somebody looks again.
    var bound: Int64 { rules.within - pace.reserve(within: rules.within) }

    /// How long a piece of so many bytes may be packed, lest others fill the limit meanwhile.
    func time(toPack bytes: Int64, _ records: [String: LogRecord]) -> Duration {
        .seconds(max(1, min(120, pace.seconds(toWrite: rules.within - total(of: records) - bytes))))
    }

    /// Tells the pace how much was written.
    func look(at records: [String: LogRecord]) {
        pace.look(at: records.reduce(0) { $0 + $1.value.base + size(of: $1.key) }, clock.now())
    }

    /// Tells the pace what is kept.
    func note(_ records: [String: LogRecord]) {
        pace.note(kept: kept(by: records), base: records.reduce(0) { $0 + $1.value.base })
    }

    /// Gives up what no rule keeps: pieces, and where there is none left the heads of the logs themselves, as they lie.
    func make(in records: inout [String: LogRecord]) throws(DeployError) {
        look(at: records)
        try givePiecesUp(in: &records, upTo: bound)
        for _ in 0..<Self.tries where total(of: records) > bound {
            // There has to be room for a piece before it can be taken off and packed.
            let much = total(of: records) - min(bound, rules.within - rules.within / Self.slack)
            guard
                let (log, record) = records.max(by: {
                    (size(of: $0.key), $0.key) < (size(of: $1.key), $1.key)
                }),
                let left = try LogHead(log: log, count: count, files: files).giveUp(much, record)
            else { return }
            if let more = left.givenUp.map({ after in
                LogRecord.GivenUp(
                    lines: after.lines - (record.givenUp?.lines ?? 0),
                    bytes: after.bytes - (record.givenUp?.bytes ?? 0))
            }) {
                pace.givenUp[log] = pace.givenUp[log].map { $0 + more } ?? more
            }
            records[log] = left
        }
    }

    /// How often it is looked again whether more was written meanwhile.
    private static let tries = 8
    /// Which part of the limit stays free of unpacked logs.
    private static let slack: Int64 = 32

    /// Gives up the oldest pieces until all is within `bound`, and those that are too old.
    func givePiecesUp(in records: inout [String: LogRecord], upTo bound: Int64) throws(DeployError) {
        let oldest = clock.now().addingTimeInterval(-rules.keepFor.seconds)
        var total = total(of: records)
        while let next = records.compactMap({ log, record in record.pieces.first.map { (log, $0) } })
            .min(by: { ($0.1.closed, $0.0) < ($1.1.closed, $1.0) }),
            total > bound || next.1.closed < oldest
        {
            let (log, piece) = next
            guard var record = records[log] else { break }
            total -= bytes(of: piece, log)
            try count.keep(piece, of: log, in: &record)
            record.pieces.removeFirst()
            try record.write(of: log, files)
            for name in [piece.name, "\(piece.name).zst"] { try files.remove("\(Path.parent(log))/\(name)") }
            records[log] = record
        }
    }

    private func kept(by records: [String: LogRecord]) -> Int64 {
        records.reduce(0) { sum, one in one.value.pieces.reduce(sum) { $0 + bytes(of: $1, one.key) } }
    }

    /// Who holds a log open may lengthen it without writing.
    private func size(of path: String) -> Int64 { min(files.size(of: path) ?? 0, LogRecord.longest) }

    private func bytes(of piece: LogRecord.Piece, _ log: String) -> Int64 {
        [piece.name, "\(piece.name).zst"].reduce(0) { $0 + size(of: "\(Path.parent(log))/\($1)") }
    }
}

import FoundationEssentials

/// How fast logs grow, as somebody sees who looks at them again and again.
final class LogPace {
    /// What was given up of logs that grew faster than they can be packed, by the log's path, since somebody said so.
    var givenUp: [String: LogRecord.GivenUp] = [:]
    /// Bytes of pieces, and the places at which the logs' own files begin, after the last turn; nil before the first.
    private var rest: (kept: Int64, base: Int64)?
    /// Bytes ever written, and when that was looked at.
    private var last: (written: Int64, moment: Date)?
    /// Bytes from one look to the next, and bytes a second: lately, at most.
    private var (grown, rate) = (0.0, 0.0)

    /// What fills the limit in so few seconds is not packed first: it would be gone before anybody reads it.
    private static let hurry = 30.0
    /// Two looks that are nearer, in seconds, tell nothing.
    private static let nearest = 0.05

    /// `written`: bytes that were ever written to all logs.
    func look(at written: Int64, _ now: Date) {
        guard let last else { return self.last = (written, now) }
        let time = now.timeIntervalSince(last.moment)
        guard time >= Self.nearest || time < 0 else { return }
        self.last = (written, now)
        guard time > 0 else { return }
        let more = Double(max(0, written - last.written))
        (grown, rate) = (max(more, grown * 7 / 8), max(more / time, rate * 7 / 8))
    }

    /// Does the same between two turns, and returns what all takes together.
    ///
    /// `sizes`: bytes of the logs' own files.
    func glance(at sizes: Int64, _ now: Date) -> Int64 {
        guard let rest else { return sizes }
        look(at: rest.base + sizes, now)
        return rest.kept + sizes
    }

    /// After a turn; `base`: bytes that were taken off.
    func note(kept: Int64, base: Int64) { rest = (kept, base) }

    /// Whether logs grow faster than they are worth packing.
    func isFlood(within limit: Int64) -> Bool { rate * Self.hurry > Double(limit) }

    /// Bytes that may be written before somebody looks again, be it a second; half of the limit at most.
    func reserve(within limit: Int64) -> Int64 { Int64(min(max(2 * grown, rate), Double(limit / 2))) }
}

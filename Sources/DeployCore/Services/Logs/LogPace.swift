import FoundationEssentials

/// How fast logs grow, as somebody sees who looks at them again and again.
final class LogPace {
    /// What was given up of logs that grew faster than they can be packed, by the log's path, since somebody said so.
    var givenUp: [String: LogRecord.GivenUp] = [:]
    /// Bytes of pieces, and the places at which the logs' own files begin, after the last turn; nil before the first.
    private var rest: (kept: Int64, base: Int64)?
    /// Bytes ever written, and when that was looked at.
    private var last: (written: Int64, moment: Date)?
    /// The same, of the look from which on bytes a second are measured.
    private var second: (written: Int64, moment: Date)?
    /// Bytes from one look to the next, and bytes a second: lately, at most.
    private var (grown, rate) = (0.0, 0.0)

    /// What fills the limit in so few seconds is not packed first: it would be gone before anybody reads it.
    private static let hurry = 30.0
    /// Two looks that are nearer, in seconds, tell nothing.
    private static let nearest = 0.05
    /// For how many seconds the two are remembered: a disk that kept one look waiting does so again.
    private static let (grownMemory, rateMemory) = (90.0, 20.0)
    /// Which part of the limit is left free of all for who begins to write.
    private static let least: Int64 = 16

    /// `written`: bytes that were ever written to all logs.
    func look(at written: Int64, _ now: Date) {
        guard let last, let second, now >= last.moment else {
            return (self.last, self.second) = ((written, now), (written, now))
        }
        let time = now.timeIntervalSince(last.moment)
        guard time >= Self.nearest else { return }
        self.last = (written, now)
        grown = max(Double(written - last.written), grown * (1 - min(1, time / Self.grownMemory)))
        let longer = now.timeIntervalSince(second.moment)
        guard longer >= 1 else { return }
        self.second = (written, now)
        rate = max(Double(written - second.written) / longer, rate * (1 - min(1, longer / Self.rateMemory)))
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

    /// Bytes that may be written before somebody looks again, be it two seconds; half of the limit at most.
    func reserve(within limit: Int64) -> Int64 {
        max(limit / Self.least, Int64(min(2 * max(grown, rate), Double(limit / 2))))
    }

    /// How many seconds it takes to write so many bytes.
    func seconds(toWrite bytes: Int64) -> Double { Double(bytes) / max(rate, 1) }
}

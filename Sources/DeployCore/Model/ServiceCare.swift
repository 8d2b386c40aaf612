import FoundationEssentials

/// What befell one kept process since its instance was started, as the keeper saw it.
public struct ServiceCare: Hashable, Codable, Sendable {
    /// How often it ended unasked.
    public private(set) var ends = 0
    /// How it ended last, as words after "ended"; nil where nobody saw that.
    public private(set) var how: String?
    /// When its end was last noticed; nil before the first.
    public private(set) var lastEnd: Date?
    /// When it is started again; nil while it runs.
    public private(set) var next: Date?
    /// Why the last try to start it failed; nil where it did not.
    public private(set) var refusal: String?
    /// When its last ends were noticed, oldest first, at most as many as make a loop.
    private var recent: [Date] = []
    /// How many lives in a row were over within `instant`.
    private var instantEnds = 0

    public init() {}

    /// What somebody else counted; `loops`: whether it ends again and again.
    init(ends: Int, how: String?, lastEnd: Date?, loops: Bool) {
        (self.ends, self.how, self.lastEnd) = (ends, how, lastEnd)
        guard loops else { return }
        let end = lastEnd ?? .distantPast
        (recent, next) = (Array(repeating: end, count: Self.loop), end)
    }

    /// A life that was shorter was none.
    private static let instant = 1.0
    /// A life that was longer is a good one.
    private static let long = 10.0
    /// Since when each of its ends followed the one before within `window`; nil before the first.
    private var endsSince: Date?

    /// So many ends within `window` are a loop.
    private static let loop = 4
    private static let window = 60.0
    private static let longestPause = 30.0

    /// It was found ended; `since`: when that life began.
    public mutating func ended(_ how: String?, since: Date, at now: Date) {
        ends += 1
        let follows = lastEnd.map { abs(now.timeIntervalSince($0)) <= Self.window } ?? false
        endsSince = follows ? endsSince ?? now : now
        (self.how, lastEnd, refusal) = (how, now, nil)
        recent = Array((recent + [now]).suffix(Self.loop))
        let life = now.timeIntervalSince(since)
        instantEnds = life < Self.instant ? instantEnds + 1 : 0
        next = now.addingTimeInterval(life < Self.long ? pause : 0)
    }

    /// It ended with the machine, which is nothing of its own; what ended before belongs to the time before.
    public mutating func endedWithTheMachine(at now: Date) {
        (next, refusal, recent, instantEnds) = (now, nil, [], 0)
    }

    /// It could not be started again.
    public mutating func refused(_ why: String, at now: Date) {
        instantEnds += 1
        refusal = why
        next = now.addingTimeInterval(max(pause, 1))
    }

    /// Whether its time to be started has come; a clock that was set back puts that off no further than any pause lasts.
    public func isDue(at now: Date) -> Bool {
        next.map { $0 <= now || $0.timeIntervalSince(now) > Self.longestPause } ?? true
    }

    /// It runs again.
    public mutating func started() { (next, refusal) = (nil, nil) }

    /// Seconds before the next start: none at first, then twice as long each time; at most one where it lived at all.
    private var pause: Double {
        guard instantEnds > 0 else { return recent.count < Self.loop ? 0 : 1 }
        return min(0.1 * Double(1 << min(instantEnds - 1, 20)), Self.longestPause)
    }

    /// As `ended 3 times, 5 s ago by signal 9, tried again in 2 s`; empty where nothing befell it but the machine's end.
    public func sentence(at now: Date) -> String {
        let times = ends == 1 ? "once" : "\(ends) times"
        let last = lastEnd.map { ", \(ends == 1 ? "" : "last ")\(HumanText.age(of: $0, at: now))" } ?? ""
        let ended = ends == 0 ? nil : "ended \(times)\(last)\(how.map { " \($0)" } ?? "")"
        let wait = next.map { $0.timeIntervalSince(now) }.flatMap {
            $0 >= 1 ? "tried again in \(Int($0.rounded(.up))) s" : nil
        }
        return [ended, refusal.map { "cannot be started: \($0)" }, wait].compactMap(\.self)
            .joined(separator: ", ")
    }

    /// `ends again and again since 2026-11-28T03:02:11Z: ended 9 times, …`.
    public func loopSentence(at now: Date) -> String {
        let since = endsSince.map { " since \(UTC.rfc3339($0))" } ?? ""
        return "ends again and again\(since): \(sentence(at: now))"
    }

    /// Whether it ends again and again: four times within a minute, and no longer ago than that.
    public func isLooping(at now: Date) -> Bool {
        guard recent.count == Self.loop, let first = recent.first, let last = recent.last,
            last.timeIntervalSince(first) <= Self.window + Self.longestPause * Double(Self.loop - 1)
        else { return false }
        return next != nil || now.timeIntervalSince(last) <= Self.long
    }
}

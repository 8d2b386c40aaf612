import FoundationEssentials

/// An end of waiting that a clock which is set back does not put off.
struct Deadline {
    private var end: Date
    private var last: Date

    init(in duration: Duration, at now: Date) {
        (end, last) = (now.addingTimeInterval(duration.seconds), now)
    }

    /// Whether it has come; asked again and again, for what is seen of the clock from one time to the next is what counts.
    mutating func hasPassed(at now: Date) -> Bool {
        if now < last { end.addTimeInterval(now.timeIntervalSince(last)) }
        last = now
        return now >= end
    }
}

import FoundationEssentials

/// A time zone's offsets from UTC over a span, as the system's zone files have them.
struct ZoneOffsets: Hashable, Codable, Sendable {
    struct Change: Hashable, Codable, Sendable {
        var at: Date
        /// Seconds east of UTC from then on.
        var offset: Int
    }

    /// In order; the first holds from the beginning of the span.
    var changes: [Change]

    func offset(at moment: Date) -> Int? { changes.last { $0.at <= moment }?.offset }
}

/// A window in a known time zone; pure, so that both clock changes of a year can be tested.
///
/// A local time that the clock skips opens the window at the moment of the change; one that comes twice
/// opens it twice.
struct OpenWindow {
    let window: Environment.Window
    let zone: ZoneOffsets

    private static let day = 86_400

    func isOpen(at moment: Date) -> Bool {
        guard let offset = zone.offset(at: moment) else { return false }
        let local = Int((moment.timeIntervalSince1970 + Double(offset)).rounded(.down))
        let today = Self.floor(local, Self.day)
        let seconds = local - today * Self.day
        let (from, to) = (window.from * 60, window.to * 60)
        if from < to { return window.days.contains(weekday(today)) && from <= seconds && seconds < to }
        let evening = window.days.contains(weekday(today)) && from <= seconds
        return evening || window.days.contains(weekday(today - 1)) && seconds < to
    }

    /// The first moment after `moment` at which it is open; nil when there is none in the known span.
    func nextOpening(after moment: Date) -> Date? {
        guard let offset = zone.offset(at: moment) else { return nil }
        let today = Self.floor(Int(moment.timeIntervalSince1970) + offset, Self.day)
        var candidates = zone.changes.map(\.at)
        for day in today - 1...today + 8 {
            for offset in Set(zone.changes.map(\.offset)) {
                for minutes in [window.from, 0] {
                    let seconds = day * Self.day + minutes * 60 - offset
                    candidates.append(Date(timeIntervalSince1970: Double(seconds)))
                }
            }
        }
        return candidates.filter { $0 > moment && isOpen(at: $0) }.min()
    }

    /// Monday is 1; the epoch was a Thursday.
    private func weekday(_ day: Int) -> Int { ((day + 3) % 7 + 7) % 7 + 1 }

    private static func floor(_ value: Int, _ size: Int) -> Int {
        value >= 0 ? value / size : -((-value + size - 1) / size)
    }
}

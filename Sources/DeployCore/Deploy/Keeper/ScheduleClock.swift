import FoundationEssentials

/// Says when a schedule is due; pure, so that clock changes and missed years can be tested.
struct ScheduleClock {
    let schedule: Environment.Schedule
    /// Of its time zone; of no matter where it counts from its last run.
    let zone: ZoneOffsets

    private static let day = 86_400
    /// Days that are looked at; the 29th of February may be eight years away.
    private static let days = 366 * 8 + 3

    /// The last moment after `begin`, and not after `now`; what came between was missed, and is caught up by this one.
    func lastDue(after begin: Date, at now: Date) -> Date? {
        guard now > begin else { return nil }
        switch schedule.when {
        case .every(let duration):
            let count = (now.timeIntervalSince(begin) / duration.seconds).rounded(.down)
            return count >= 1 ? begin.addingTimeInterval(count * duration.seconds) : nil
        case .cron(let text):
            guard let cron = CronText(text) else { return nil }
            let (first, last) = (localDay(begin) - 1, localDay(now) + 1)
            for day in stride(from: last, through: max(first, last - Self.days), by: -1) {
                let found = moments(of: day, cron).filter { $0 > begin && $0 <= now }.max()
                if let found { return found }
            }
            return nil
        }
    }

    /// The first moment after `begin`; nil where none comes in eight years.
    func nextDue(after begin: Date) -> Date? {
        switch schedule.when {
        case .every(let duration): return begin.addingTimeInterval(duration.seconds)
        case .cron(let text):
            guard let cron = CronText(text) else { return nil }
            let first = localDay(begin) - 1
            for day in first...first + Self.days {
                if let found = moments(of: day, cron).filter({ $0 > begin }).min() { return found }
            }
            return nil
        }
    }

    private func localDay(_ moment: Date) -> Int {
        let local = moment.timeIntervalSince1970 + Double(offset(at: moment))
        return Int((local / Double(Self.day)).rounded(.down))
    }

    /// Before the known span the first offset holds, after it the last.
    private func offset(at moment: Date) -> Int {
        zone.offset(at: moment) ?? zone.changes.first?.offset ?? 0
    }

    private func moments(of day: Int, _ cron: CronText) -> [Date] {
        let fields = UTC.fields(Date(timeIntervalSince1970: Double(day * Self.day)))
        let weekday = ((day + 4) % 7 + 7) % 7
        guard cron.holds(month: fields.month, day: fields.day, weekday: weekday) else { return [] }
        return cron.hours.flatMap { hour in
            cron.minutes.map { moment(of: day * Self.day + hour * 3600 + $0 * 60) }
        }
    }

    /// A local time that comes twice is the first of them; one that the clock skips is as much later as the clock skips.
    private func moment(of local: Int) -> Date {
        let offsets = Set(zone.changes.map(\.offset)).sorted(by: >)
        let fitting = offsets.map { Date(timeIntervalSince1970: Double(local - $0)) }
            .filter { Int($0.timeIntervalSince1970) + offset(at: $0) == local }
        if let first = fitting.min() { return first }
        let before = offset(at: Date(timeIntervalSince1970: Double(local - (offsets.first ?? 0)) - 1))
        return Date(timeIntervalSince1970: Double(local - before))
    }
}

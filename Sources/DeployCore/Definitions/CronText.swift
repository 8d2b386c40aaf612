/// `*/5 9-17 * * mon-fri`, read: five fields as crontab has them, with names of months and days.
struct CronText: Hashable {
    let minutes: Set<Int>
    let hours: Set<Int>
    let days: Set<Int>
    let months: Set<Int>
    /// Sunday is 0.
    let weekdays: Set<Int>
    /// Whether a day of either kind will do: where both are limited.
    let eitherDay: Bool

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// nil where it is none, or never comes.
    init?(_ text: String) {
        let fields = text.split(at: " ").map(String.init)
        guard fields.count == 5, let minutes = Self.values(fields[0], 0...59),
            let hours = Self.values(fields[1], 0...23), let days = Self.values(fields[2], 1...31),
            let months = Self.values(fields[3], 1...12, names: Self.months, first: 1),
            let weekdays = Self.values(fields[4], 0...7, names: Self.weekdays, first: 0)
        else { return nil }
        (self.minutes, self.hours, self.days, self.months) = (minutes, hours, days, months)
        self.weekdays = Set(weekdays.map { $0 % 7 })
        eitherDay = !fields[2].begins(with: "*") && !fields[4].begins(with: "*")
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard eitherDay || months.contains(where: { (days.min() ?? 32) <= longest[$0 - 1] }) else {
            return nil
        }
    }

    func holds(month: Int, day: Int, weekday: Int) -> Bool {
        guard months.contains(month) else { return false }
        return eitherDay
            ? days.contains(day) || weekdays.contains(weekday)
            : days.contains(day) && weekdays.contains(weekday)
    }

    private static func values(
        _ field: String, _ range: ClosedRange<Int>, names: [String] = [], first: Int = 0
    ) -> Set<Int>? {
        var found: Set<Int> = []
        for part in field.split(at: ",", keepsEmpty: true) {
            let halves = part.split(at: "/", keepsEmpty: true).map(String.init)
            guard (1...2).contains(halves.count), let step = halves.count == 1 ? 1 : number(halves[1]),
                step > 0, let span = span(halves[0], range, names, first, isStepped: halves.count == 2)
            else { return nil }
            found.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
        }
        return found.isEmpty ? nil : found
    }

    private static func span(
        _ text: String, _ range: ClosedRange<Int>, _ names: [String], _ first: Int, isStepped: Bool
    ) -> ClosedRange<Int>? {
        if text == "*" { return range }
        let ends = text.split(at: "-", keepsEmpty: true).map { end in
            names.firstIndex(of: String(end)).map { $0 + first } ?? number(String(end))
        }
        guard (1...2).contains(ends.count), let low = ends[0], let high = ends[ends.count - 1], low <= high,
            range.contains(low), range.contains(high)
        else { return nil }
        return low...(ends.count == 1 && isStepped ? range.upperBound : high)
    }

    private static func number(_ text: String) -> Int? {
        (1...3).contains(text.utf8.count) && text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
    }
}

extension TextRule {
    static let cron = TextRule(
        expectation: "five fields of crontab such as \"*/5 * * * *\"",
        pattern: "^[0-9a-z*,/-]+( [0-9a-z*,/-]+){4}$", example: "0 3 * * *"
    ) { CronText($0) != nil }
}

import FoundationEssentials

/// Renders and reads moments in UTC: fourteen digits for names, RFC 3339 for JSON.
///
/// Plain day arithmetic (proleptic Gregorian, after Howard Hinnant's `days_from_civil`) instead of
/// `Calendar`, which would load time-zone data on every start.
public enum UTC {
    static let epoch2000 = Date(timeIntervalSince1970: 946_684_800)

    struct Fields { var year, month, day, hour, minute, second: Int }

    static func digits(_ date: Date) -> String {
        let part = fields(date)
        return pad(part.year, 4)
            + [part.month, part.day, part.hour, part.minute, part.second].map { pad($0, 2) }
            .joined()
    }

    /// With three digits more, for thousandths of a second.
    static func digits(milliseconds date: Date) -> String {
        let total = (date.timeIntervalSince1970 * 1000).rounded(.down)
        let seconds = (total / 1000).rounded(.down)
        return digits(Date(timeIntervalSince1970: seconds)) + pad(Int(total - seconds * 1000), 3)
    }

    static func date(digits text: String) -> Date? {
        guard text.utf8.count == 14, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        func number(_ offset: Int, _ length: Int) -> Int { Int(text.dropFirst(offset).prefix(length)) ?? 0 }
        return date(
            Fields(
                year: number(0, 4), month: number(4, 2), day: number(6, 2), hour: number(8, 2),
                minute: number(10, 2), second: number(12, 2)))
    }

    /// The moment as `2026-11-21T02:15:30Z`.
    public static func rfc3339(_ date: Date) -> String {
        let part = fields(date)
        return "\(pad(part.year, 4))-\(pad(part.month, 2))-\(pad(part.day, 2))"
            + "T\(pad(part.hour, 2)):\(pad(part.minute, 2)):\(pad(part.second, 2))Z"
    }

    /// Reads `2026-11-21T02:15:30Z`; nil when the text is anything else.
    public static func date(rfc3339 text: String) -> Date? {
        let digits = String(decoding: text.utf8.filter(\.isDigit), as: UTF8.self)
        guard let date = date(digits: digits), rfc3339(date) == text else { return nil }
        return date
    }

    /// The moment as a letter's `Date` has it: `Sat, 21 Nov 2026 02:15:30 +0000`.
    static func mail(_ date: Date) -> String {
        let part = fields(date)
        let day = floorDivide(Int(date.timeIntervalSince1970.rounded(.down)), 86_400)
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        return "\(weekdays[day - floorDivide(day, 7) * 7]), \(pad(part.day, 2)) \(months[part.month - 1]) "
            + "\(pad(part.year, 4)) \(pad(part.hour, 2)):\(pad(part.minute, 2)):\(pad(part.second, 2)) +0000"
    }

    static func fields(_ date: Date) -> Fields {
        let total = Int(date.timeIntervalSince1970.rounded(.down))
        let days = floorDivide(total, 86_400)
        let rest = total - days * 86_400
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return Fields(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1, hour: rest / 3600, minute: rest / 60 % 60,
            second: rest % 60)
    }

    static func date(_ part: Fields) -> Date? {
        guard (1...12).contains(part.month), (1...31).contains(part.day), part.hour < 24, part.minute < 60,
            part.second < 60
        else { return nil }
        let year = part.month <= 2 ? part.year - 1 : part.year
        let era = floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let marchMonth = part.month > 2 ? part.month - 3 : part.month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + part.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + part.hour * 3600 + part.minute * 60 + part.second
        return Date(timeIntervalSince1970: Double(seconds))
    }

    private static func floorDivide(_ left: Int, _ right: Int) -> Int {
        left >= 0 ? left / right : -((-left + right - 1) / right)
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

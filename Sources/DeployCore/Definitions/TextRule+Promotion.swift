import FoundationEssentials

extension TextRule {
    static let requestLine = TextRule(
        expectation: "a method and a path, such as \"POST /api/login\"",
        pattern: "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (/|\\{)[A-Za-z0-9._~/%?&=+,:@!{}-]*$",
        example: "GET /health"
    ) { RequestLine($0) != nil }

    static let captureName = TextRule(
        expectation: "letters, digits and _, beginning with a letter, at most 40",
        pattern: "^[A-Za-z][A-Za-z0-9_]{0,39}$", example: "x"
    ) { text in
        (1...40).contains(text.utf8.count) && text.utf8.first?.isASCIILetter == true
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    static let capturePath = TextRule(
        expectation: "a way into the JSON answer such as \"data.0.id\", or \"header:Location\"",
        pattern: "^[^\\s\\u0000-\\u001f]{1,200}$", example: "token"
    ) { text in
        (1...200).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    static let clock = TextRule(
        expectation: "a time of day from \"00:00\" to \"24:00\"",
        pattern: "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example: "09:00"
    ) { ClockText.parse($0) != nil }

    static let days = TextRule(
        expectation: "days such as \"mon-thu\" or \"sat,sun\"",
        pattern:
            "^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?"
            + "(,(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?)*$",
        example: "mon-thu"
    ) { DaysText.parse($0) != nil }

    /// Becomes part of a path below the zone files.
    static let timezone = TextRule(
        expectation: "the name of a time zone such as \"Europe/Moscow\" or \"UTC\"",
        pattern: "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*)*$", example: "UTC"
    ) { text in
        (1...64).contains(text.utf8.count) && text.utf8.first?.isASCIILetter == true
            && text.split(at: "/", keepsEmpty: true).allSatisfy { part in
                part.utf8.first.map(isAlphanumeric) == true
                    && part.utf8.allSatisfy { isAlphanumeric($0) || "_+-".utf8.contains($0) }
            }
    }

    static let moment = TextRule(
        expectation:
            "a moment in RFC 3339, such as \"2026-12-24T00:00:00Z\" or \"2026-12-24T00:00:00+03:00\"",
        pattern:
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$",
        example: "2026-12-24T00:00:00Z"
    ) { MomentText.parse($0) != nil }
}

/// `POST /api/login`, read.
struct RequestLine {
    static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    var method: String
    var path: String

    init?(_ text: String) {
        let words = text.split(at: " ", keepsEmpty: true).map(String.init)
        guard words.count == 2, Self.methods.contains(words[0]), let first = words[1].utf8.first,
            "/{".utf8.contains(first),
            words[1].utf8.allSatisfy({
                TextRule.isAlphanumeric($0) || "._~/%?&=+,:@!{}-".utf8.contains($0)
            })
        else { return nil }
        (method, path) = (words[0], words[1])
    }
}

/// `09:30` as minutes since midnight.
enum ClockText {
    static func parse(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
            [0, 1, 3, 4].allSatisfy({ (48...57).contains(bytes[$0]) }),
            let hours = Int(text.prefix(2)), let minutes = Int(text.suffix(2)),
            minutes < 60, hours * 60 + minutes <= 24 * 60
        else { return nil }
        return hours * 60 + minutes
    }
}

/// `mon-thu,sat` as numbers, Monday being 1.
enum DaysText {
    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    static func parse(_ text: String) -> Set<Int>? {
        var days: Set<Int> = []
        for part in text.split(at: ",", keepsEmpty: true) {
            let ends = part.split(at: "-", keepsEmpty: true)
                .map { names.firstIndex(of: String($0)) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else {
                return nil
            }
            var day = first
            days.insert(day + 1)
            while day != last {
                day = (day + 1) % 7
                days.insert(day + 1)
            }
        }
        return days
    }
}

/// RFC 3339 with any offset.
enum MomentText {
    static func parse(_ text: String) -> Date? {
        if let moment = UTC.date(rfc3339: text) { return moment }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let offset = text.suffix(6)
        guard let sign = offset.utf8.first, "+-".utf8.contains(sign),
            let minutes = ClockText.parse(String(offset.dropFirst())),
            let local = UTC.date(rfc3339: "\(text.dropLast(6))Z")
        else { return nil }
        return local.addingTimeInterval(Double(sign == UInt8(ascii: "+") ? -minutes : minutes) * 60)
    }
}

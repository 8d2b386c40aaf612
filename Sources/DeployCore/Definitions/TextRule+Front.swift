extension TextRule {
    /// A page that nginx serves; its way is written into an nginx file.
    static let pagePath = TextRule(
        expectation:
            "the path of an .html file: relative, of letters, digits and . _ / -, no name beginning with a dot",
        pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*\\.html$", example: "index.html"
    ) { text in
        text.ends(with: ".html")
            && text.split(at: "/", keepsEmpty: true).allSatisfy { name in
                name.utf8.first.map { isAlphanumeric($0) || $0 == UInt8(ascii: "_") } == true
                    && name.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
            }
    }

    /// A script that nginx names to the program that runs it.
    static let scriptPath = TextRule(
        expectation:
            "the path of a .php file: relative, of letters, digits and . _ / -, no name beginning with a dot",
        pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*\\.php$", example: "index.php"
    ) { text in text.before(".php").map { pagePath.accepts("\($0).html") } ?? false }

    private static let errorStatuses = [
        "400", "401", "403", "404", "405", "408", "413", "414", "416", "429", "500", "502", "503", "504",
    ]

    /// What nginx itself may answer.
    static let errorStatus = TextRule(
        expectation: "a status nginx answers with: \(errorStatuses.joined(separator: ", "))",
        pattern: "^(\(errorStatuses.joined(separator: "|")))$", example: "502"
    ) { text in errorStatuses.contains { $0 == text } }

    static let address = TextRule(
        expectation: "an IPv4 or IPv6 address such as \"0.0.0.0\", \"127.0.0.1\" or \"::\"",
        pattern: "^[0-9A-Fa-f.:]{2,45}$", example: "127.0.0.1"
    ) { AddressText.isFour($0) || AddressText.isSix($0) }

    static let rate = TextRule(
        expectation: "requests in a second or minute, such as \"20/s\" or \"300/m\", at most 100000",
        pattern: "^[1-9][0-9]{0,5}/[sm]$", example: "20/s"
    ) { RateText.parse($0) != nil }
}

/// `20/s`, read.
enum RateText {
    /// nil unless it is a number from 1 to 100,000 and a unit.
    static func parse(_ text: String) -> Environment.Rate? {
        let parts = text.split(at: "/", keepsEmpty: true).map(String.init)
        guard parts.count == 2, let unit = Environment.Rate.Unit(rawValue: parts[1]),
            parts[0].holdsOnly("0123456789"), parts[0].utf8.first != UInt8(ascii: "0"),
            let number = Int(parts[0]), (1...100_000).contains(number)
        else { return nil }
        return Environment.Rate(requests: number, per: unit)
    }
}

/// Addresses of the internet protocol, as text.
enum AddressText {
    /// Four numbers up to 255 with dots between them.
    static func isFour(_ text: String) -> Bool {
        let parts = text.split(at: ".", keepsEmpty: true).map(String.init)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.holdsOnly("0123456789")
                    && (part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0"))
                    && Int(part).map { $0 <= 255 } == true
            }
    }

    /// Eight groups of hexadecimal digits with colons between them, `::` standing once for groups of zeros.
    static func isSix(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 2, String(text).holdsOnly("0123456789abcdefABCDEF:") else { return false }
        let colon = UInt8(ascii: ":")
        let gaps = bytes.indices.dropLast().filter { bytes[$0] == colon && bytes[$0 + 1] == colon }
        let groups = bytes.split(separator: colon)
        guard groups.allSatisfy({ $0.count <= 4 }), gaps.count <= 1 else { return false }
        guard let gap = gaps.first else {
            return groups.count == 8 && bytes.first != colon && bytes.last != colon
        }
        return groups.count <= 7 && (bytes.first != colon || gap == 0)
            && (bytes.last != colon || gap == bytes.count - 2)
    }
}

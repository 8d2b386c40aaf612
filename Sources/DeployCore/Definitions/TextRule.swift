/// What a text of a definition may be: a check for the decoder, a pattern for the schema, words for people.
struct TextRule: Sendable {
    /// Completes "must be …".
    var expectation: String
    /// A regular expression (ECMA 262) that accepts the same texts, or somewhat more.
    var pattern: String?
    var example: String
    /// Whether a wrong value may be a misplaced secret and is therefore never shown.
    var isDiscreet = false
    var accepts: @Sendable (String) -> Bool
}

extension TextRule {
    /// Names of environments, services and projects; they become parts of paths and commands.
    static let name = TextRule(
        expectation: "lower-case letters, digits and hyphens, beginning with a letter or digit, at most 63",
        pattern: "^[a-z0-9][a-z0-9-]{0,62}$", example: "backend"
    ) { text in
        (1...63).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
            && only(text, "abcdefghijklmnopqrstuvwxyz0123456789-")
    }

    /// Networks, volumes, databases and their users.
    static let resource = TextRule(
        expectation: "letters, digits and . _ -, beginning with a letter or digit, at most 63",
        pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", example: "staging_data"
    ) { text in
        (1...63).contains(text.utf8.count) && text.utf8.first.map(isAlphanumeric) == true
            && text.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
    }

    /// An account of the machine.
    static let account = TextRule(
        expectation:
            "the name of an account: small letters, digits and _ -, beginning with a letter or _, at most 32",
        pattern: "^[a-z_][a-z0-9_-]{0,31}$", example: "shop-staging"
    ) { text in
        (1...32).contains(text.utf8.count) && only(String(text.prefix(1)), "abcdefghijklmnopqrstuvwxyz_")
            && only(text, "abcdefghijklmnopqrstuvwxyz0123456789_-")
    }

    static let host = TextRule(
        expectation: "a host name or an IP address", pattern: "^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$",
        example: "127.0.0.1"
    ) { text in
        guard (1...253).contains(text.utf8.count), let first = text.utf8.first else { return false }
        return (isAlphanumeric(first) || first == UInt8(ascii: ":"))
            && text.utf8.allSatisfy { isAlphanumeric($0) || ".:_-".utf8.contains($0) }
    }

    /// A line for people.
    static let line = TextRule(
        expectation: "one line of visible characters, at most 200",
        pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]{1,200}$", example: "Testing"
    ) { text in
        (1...200).contains(text.unicodeScalars.count) && text.unicodeScalars.allSatisfy(Shown.isVisible)
    }

    /// What a person types to confirm.
    static let phrase = TextRule(
        expectation: "a word or words a person can type, at most 100 characters, without spaces at the ends",
        pattern: "^(?!\\s)(?!.*\\s$)[^\\u0000-\\u001f\\u007f-\\u009f]{1,100}$", example: "CONFIRM"
    ) { text in
        (1...100).contains(text.unicodeScalars.count) && text.unicodeScalars.allSatisfy(Shown.isVisible)
            && text.unicodeScalars.first?.properties.isWhitespace == false
            && text.unicodeScalars.last?.properties.isWhitespace == false
    }

    static let url = TextRule(
        expectation: "an http or https address without user, password, quotes or spaces",
        pattern: "^https?://[A-Za-z0-9.:\\[\\]_-]+([/?#][^\\s\"'\\\\<>{}|^`@]*)?$",
        example: "http://localhost:8080",
        isDiscreet: true, accepts: isURL)

    /// An argument of a command.
    static let argument = TextRule(
        expectation: "a non-empty text without NUL", pattern: "^[^\\u0000]+$", example: "npm"
    ) { text in !text.isEmpty && !text.utf8.contains(0) }

    /// Becomes an argument after an option, and must not look like another one.
    static let recipient = TextRule(
        expectation: "a public key or the id of a key, not beginning with a hyphen",
        pattern: "^[^\\s\\u0000-\\u001f-][^\\u0000-\\u001f\\u007f]{0,1999}$", example: "age1…"
    ) { text in
        (1...2000).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.first != UInt8(ascii: " ") && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// Any text; only for `$schema`.
    static let any = TextRule(expectation: "a text", pattern: nil, example: "schema.json") { _ in true }

    static let duration = TextRule(
        expectation: "a duration such as \"200ms\", \"30s\", \"5m\", \"24h\" or \"7d\"",
        pattern: "^[0-9]+(ms|s|m|h|d)$", example: "30s"
    ) { DurationText.parse($0) != nil }

    static let positiveDuration = TextRule(
        expectation: "a duration longer than nothing, such as \"30s\", \"5m\" or \"7d\"",
        pattern: "^[0-9]*[1-9][0-9]*(ms|s|m|h|d)$", example: "60s"
    ) { text in DurationText.parse(text).map { $0 > .zero } ?? false }

    static let size = TextRule(
        expectation: "a size such as \"20GB\" or \"512MiB\"",
        pattern: "^[0-9]*[1-9][0-9]*(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$", example: "20GB"
    ) { text in SizeText.parse(text).map { $0 > 0 } ?? false }

    static let branch = TextRule(
        expectation: "a branch name, with * for anything",
        pattern: "^[A-Za-z0-9*._/+@#][A-Za-z0-9*._/+@#-]{0,199}$",
        example: "main"
    ) { text in
        (1...200).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { isAlphanumeric($0) || "*._/+@#-".utf8.contains($0) }
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    static func only(_ text: String, _ allowed: String) -> Bool {
        let allowed = Set(allowed.utf8)
        return text.utf8.allSatisfy(allowed.contains)
    }

    @Sendable private static func isURL(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: text.begins), text.utf8.count <= 2000
        else {
            return false
        }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let host = rest.prefix { !"/?#".utf8.contains($0) }
        return !host.isEmpty && host.allSatisfy { isAlphanumeric($0) || ".:[]_-".utf8.contains($0) }
            && isPort(in: host)
            && rest.dropFirst(host.count).allSatisfy {
                (0x21...0x7E).contains($0) && !"\"'\\<>{}|^`@".utf8.contains($0)
            }
    }

    private static func isPort(in host: Substring.UTF8View) -> Bool {
        guard let colon = host.lastIndex(of: UInt8(ascii: ":")), !host[colon...].contains(UInt8(ascii: "]"))
        else {
            return true
        }
        let port = String(decoding: host[host.index(after: colon)...], as: UTF8.self)
        return colon != host.startIndex && (Int(port).map { (1...65_535).contains($0) } ?? false)
    }
}

extension TextRule {
    /// A name of the internet, as a browser sends it; it becomes part of an nginx file.
    static let hostName = TextRule(
        expectation: "a host name in small letters such as \"shop.example\"; no port, no *, no IP address",
        pattern:
            "^(?=.{1,253}$)(?!.*(^|\\.)[0-9]+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$",
        example: "shop.example"
    ) { text in
        let labels = text.split(at: ".", keepsEmpty: true).map(String.init)
        return (1...253).contains(text.utf8.count) && labels.allSatisfy(isLabel)
            && labels.last?.holdsOnly("0123456789") == false
    }

    private static func isLabel(_ text: String) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(text.utf8.count)
            && text.holdsOnly("abcdefghijklmnopqrstuvwxyz0123456789-") && text.utf8.first != hyphen
            && text.utf8.last != hyphen
    }
}

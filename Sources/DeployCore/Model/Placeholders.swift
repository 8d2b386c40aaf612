/// What the words in braces stand for that a definition's variables and commands may hold: `{port}`, `{address:users}`,
/// `{release}`, `{environment}`.
struct Placeholders {
    /// Where the service itself listens; nil for anything but a service, and for a worker.
    var port: Int?
    /// Where services of the same instance listen, by name.
    var addresses: [String: ServiceAddress] = [:]
    /// nil for what outlives releases.
    var release: Timestamp?
    var environment: String

    /// The text with the words replaced; nil where it asks for an address that is not known here.
    ///
    /// Other braces stay.
    func filled(_ text: String) -> String? {
        var filled = ""
        var rest = text[...]
        while let (before, after) = rest.cut(at: "{") {
            filled += before
            if let (word, tail) = after.cut(at: "}"), Self.isPlaceholder(word) {
                guard let value = value(of: word) else { return nil }
                filled += value
                rest = tail
            } else {
                filled += "{"
                rest = after
            }
        }
        return filled + rest
    }

    /// The services whose addresses a text asks for.
    static func services(in text: String) -> [String] {
        words(in: text).compactMap { $0.after("address:").map(String.init) }
    }

    /// Whether a text asks for the port or an address, which only services have.
    static func needsService(_ text: String) -> Bool {
        words(in: text).contains { $0 == "port" || $0.begins(with: "address:") }
    }

    private static func words(in text: String) -> [Substring] {
        text.split(at: "{").compactMap { $0.cut(at: "}")?.before }.filter(isPlaceholder)
    }

    private static func isPlaceholder(_ word: Substring) -> Bool {
        ["port", "release", "environment"].contains { $0 == word }
            || word.after("address:").map {
                !$0.isEmpty && String($0).holdsOnly("abcdefghijklmnopqrstuvwxyz0123456789-")
            } == true
    }

    private func value(of word: Substring) -> String? {
        if let service = word.after("address:") { return addresses[String(service)]?.nginx }
        if word == "port" { return port.map { "\($0)" } }
        return word == "release" ? release?.description : environment
    }
}

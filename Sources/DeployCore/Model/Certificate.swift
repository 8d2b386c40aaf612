import FoundationEssentials

/// The first certificate of a file, as far as visitors and authorities look at it.
public struct Certificate: Hashable, Sendable {
    /// In hexadecimal digits.
    public var serial: String
    /// Names and addresses it is good for, as they stand in it; `*.` stands for one label.
    public var names: [String]
    /// What signed it, as openssl writes it.
    public var issuer: String
    /// Whether it signed itself.
    let isSelfSigned: Bool
    /// Whether nothing stands behind it in its file, though somebody else signed it.
    var lacksChain = false
    public var from: Date
    public var until: Date

    /// nil where the text is not what ``CertificateCommands`` has openssl print.
    init?(printed text: String) {
        func value(_ key: String) -> Substring? {
            text.lines.lazy.compactMap { $0.after("\(key)=") }.first
        }
        guard let serial = value("serial"), let from = value("notBefore").flatMap(Self.date),
            let until = value("notAfter").flatMap(Self.date)
        else { return nil }
        let (subject, issuer) = (value("subject") ?? "", value("issuer") ?? "")
        (self.serial, self.from, self.until) = (String(serial), from, until)
        self.issuer = String(issuer.trimmed)
        isSelfSigned = subject == issuer
        names = text.lines.flatMap { line in
            line.trimmed.split(at: ", ").compactMap { $0.after("DNS:") ?? $0.after("IP Address:") }
        }.map(String.init)
    }

    /// Whether it is good for a host, in the way browsers look at it: `*.` for exactly one label.
    func covers(_ host: String) -> Bool {
        let host = host.lowered
        return names.contains { name in
            let name = name.lowered
            if name == host { return true }
            guard let domain = name.after("*."), let (label, rest) = host.cut(at: ".") else {
                return false
            }
            return !label.isEmpty && rest == domain
        }
    }

    /// When a third of its life is left.
    var renewal: Date { until.addingTimeInterval(-until.timeIntervalSince(from) / 3) }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Nov  7 21:45:14 2026 GMT`.
    private static func date(_ text: Substring) -> Date? {
        let words = text.words
        guard words.count == 5, let month = months.firstIndex(where: { $0 == words[0] }),
            let day = Int(words[1]), let year = Int(words[3])
        else { return nil }
        let time = words[2].split(at: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        return UTC.date(
            UTC.Fields(
                year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2]))
    }
}

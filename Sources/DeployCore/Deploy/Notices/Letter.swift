import FoundationEssentials

/// A message as a letter.
struct Letter {
    let notice: Notice
    let mail: Environment.Route.Mail
    /// When it is sent.
    let date: Date

    /// Header lines, an empty one, and the text; lines end with a line feed.
    var text: String {
        let head = [
            "Date: \(UTC.mail(date))", "From: \(mail.from)", "To: \(mail.to.joined(separator: ", "))",
            "Subject: \(Self.encoded(notice.title))", "Message-ID: <\(notice.id)@deployctl>",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
        ]
        let body = [
            notice.title, notice.text, notice.next.isEmpty ? nil : "next: \(notice.next)", notice.time,
        ]
        let encoded = Data((body.compactMap(\.self).joined(separator: "\n\n") + "\n").utf8)
            .base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
        return head.joined(separator: "\n") + "\n\n" + encoded + "\n"
    }

    /// Nothing of a subject may begin another header line.
    private static func encoded(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard !isPlain || text.holds("=?") else { return text }
        // One encoded word holds at most 75 bytes.
        var words: [String] = []
        var part: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if part.count + bytes.count > 42 {
                words.append(Data(part).base64EncodedString())
                part = []
            }
            part += bytes
        }
        words.append(Data(part).base64EncodedString())
        return words.map { "=?utf-8?B?\($0)?=" }.joined(separator: "\n ")
    }
}

/// A message in the form that one kind of address takes, and what that answers when it took it.
struct WebhookForm {
    let notice: Notice
    let webhook: Environment.Route.Webhook
    let url: String
    /// nil: none is sent.
    let token: String?

    var post: CurlPost {
        var post = CurlPost(url: url, body: (try? JSON.text(body)) ?? "")
        post.headers["Idempotency-Key"] = notice.id
        if let token, webhook.form != .pagerduty { post.headers["Authorization"] = "Bearer \(token)" }
        if webhook.form == .matrix {
            // Its address ends with the name of the message, which is what makes a repeat no second one.
            let parts = url.cut(at: "?")
            let place = parts.map { String($0.before) } ?? url
            post.url = "\(place)/\(notice.id)\(parts.map { "?\($0.after)" } ?? "")"
            post.method = "PUT"
        }
        return post
    }

    private var words: String {
        [notice.title, notice.text, notice.next.isEmpty ? "" : "next: \(notice.next)"]
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var body: JSONField {
        switch webhook.form {
        case .json: (try? JSONField(encoding: notice)) ?? .null
        case .slack: .object(["text": .text(Self.inert(words))])
        case .teams: teams
        case .telegram:
            .object(["chat_id": .text(webhook.chat ?? ""), "text": .text(words.first(utf16: 4096))])
        case .matrix: .object(["msgtype": .text("m.text"), "body": .text(words)])
        case .pagerduty: pagerDuty
        }
    }

    private var teams: JSONField {
        func block(_ line: some StringProtocol, _ weight: String) -> JSONField {
            .object([
                "type": .text("TextBlock"), "text": .text(Markdown.literal(String(line))),
                "weight": .text(weight), "wrap": .flag(true),
            ])
        }
        let lines = words.lines
        let card: [String: JSONField] = [
            "type": .text("AdaptiveCard"), "version": .text("1.4"),
            "body": .list(
                lines.prefix(1).map { block($0, "bolder") } + lines.dropFirst().map { block($0, "default") }),
        ]
        return .object([
            "type": .text("message"),
            "attachments": .list([
                .object([
                    "contentType": .text("application/vnd.microsoft.card.adaptive"), "content": .object(card),
                ])
            ]),
        ])
    }

    private var pagerDuty: JSONField {
        let severity = ["P0": "critical", "P1": "error"][notice.severity] ?? "warning"
        return .object([
            "routing_key": .text(token ?? ""),
            "event_action": .text(notice.isTrouble ? "trigger" : "resolve"),
            "dedup_key": .text(Self.key(notice.incident)),
            "payload": .object([
                "summary": .text(notice.title.first(1000)),
                "source": .text("\(notice.project) \(notice.environment)"),
                "severity": .text(severity), "timestamp": .text(notice.time),
                "custom_details": (try? JSONField(encoding: notice)) ?? .null,
            ]),
        ])
    }

    /// PagerDuty takes 255 characters at most.
    private static func key(_ incident: String) -> String {
        incident.utf16.count <= 255 ? incident : SHA256.hexadecimal(of: incident)
    }

    /// In Slack's own text these three begin links and mentions.
    private static func inert(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x26: result += Array("&amp;".utf8)
            case 0x3C: result += Array("&lt;".utf8)
            case 0x3E: result += Array("&gt;".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension JSONField {
    /// The value as JSON.
    init(encoding value: some Encodable) throws(DeployError) {
        self = try JSON.value(JSONField.self, from: JSON.data(value), named: "a message")
    }
}

import FoundationEssentials

/// Brings one message to its route, by another program.
struct NoticeSender {
    let workspace: Workspace
    let route: Environment.Route
    let notice: Notice

    private var ports: Ports { workspace.ports }

    /// What has to be run, and what of its result is a complaint; nil in `request` where nothing has to be.
    struct Errand {
        var request: CommandRequest?
        /// nil: it was brought.
        var complaint: (CommandResult) -> String? = { $0.succeeded ? nil : $0.explanation }
        var finish: () -> Void = {}
    }

    /// - Throws: where a secret cannot be found, or a file not be written.
    func errand() throws(DeployError) -> Errand {
        switch route.target {
        case .webhook(let webhook): return try errand(webhook)
        case .mail(let mail): return try errand(mail)
        case .command(let vector): return try errand(vector)
        case .file(let path):
            try publish(to: path.begins(with: "/") ? path : "\(workspace.project)/\(path)")
            return Errand()
        }
    }

    private func secret(_ source: SecretSource, _ what: String) throws(DeployError) -> String {
        String(try ports.secrets.fetch(source, named: "\(what) of \(route.name)").exposed.trimmed)
    }

    private func errand(_ webhook: Environment.Route.Webhook) throws(DeployError) -> Errand {
        let url = try secret(webhook.url, "the address")
        let token = try webhook.token.map { source throws(DeployError) in try secret(source, "the token") }
        let form = WebhookForm(notice: notice, webhook: webhook, url: url, token: token)
        let redactor = Redactor([url, token].compactMap(\.self))
        return Errand(request: form.post.request) { form.complaint($0).map(redactor.scrub) }
    }

    private func errand(_ mail: Environment.Route.Mail) throws(DeployError) -> Errand {
        let letter = Letter(notice: notice, mail: mail).text
        guard let source = mail.server else {
            return Errand(
                request: CommandRequest(
                    Command("sendmail", ["-t", "-i"]), input: Data(letter.utf8), deadline: .seconds(30),
                    outputLimit: 64 << 10))
        }
        let server = try secret(source, "the mail server")
        let file = "\(Layout.tool(workspace.project))/.letter-\(notice.id)"
        try ports.files.publish(Data(letter.utf8), to: file)
        let redactor = Redactor([server])
        let files = ports.files
        return Errand(
            request: CurlMail(server: server, from: mail.from, to: mail.to, letter: file).request,
            complaint: { $0.succeeded ? nil : redactor.scrub($0.explanation) },
            finish: { try? files.remove(file) })
    }

    private func errand(_ vector: [String]) throws(DeployError) -> Errand {
        guard let command = Command(vector: vector) else { return Errand() }
        return Errand(
            request: CommandRequest(
                command, in: workspace.project,
                environment: [
                    "DEPLOYCTL_ENVIRONMENT": notice.environment, "DEPLOYCTL_COMMAND": "notify",
                    "DEPLOYCTL_EVENT": notice.event,
                ],
                input: try JSON.data(notice), deadline: .seconds(30), outputLimit: 64 << 10))
    }

    /// The newest first, this one at the head.
    private func publish(to path: String) throws(DeployError) {
        struct Page: Encodable {
            let messages: [Notice]
            enum Key: String, CodingKey { case version = "schema_version", messages }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(1, forKey: .version)
                try container.encode(messages, forKey: .messages)
            }
        }
        let earlier = try ports.state.deliveries(of: notice.environment, limit: 200)
            .filter { $0.route == route.name && $0.state == .sent }.prefix(49)
        let runs = try earlier.map { delivery throws(DeployError) in
            Notice(
                delivery, of: notice.project,
                run: try Timestamp(digits: delivery.event.subject).flatMap { run throws(DeployError) in
                    try ports.state.deployment(run)
                })
        }
        try ports.files.publish(JSON.data(Page(messages: [notice] + runs)), to: path)
        try ports.files.grant(.readingForAll, at: path)
    }
}

/// A message as a letter.
struct Letter {
    let notice: Notice
    let mail: Environment.Route.Mail

    /// Header lines, an empty one, and the text; lines end with a line feed.
    var text: String {
        let head = [
            "From: \(mail.from)", "To: \(mail.to.joined(separator: ", "))",
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

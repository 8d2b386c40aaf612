import FoundationEssentials

/// Brings one message to its route, by another program.
struct NoticeSender {
    let workspace: Workspace
    let route: Environment.Route
    let notice: Notice
    /// Secrets of the application, which a program of the project may print.
    let secrets: [String]
    /// Whether nothing happened, and people only look whether the route works.
    var isTest = false

    private var ports: Ports { workspace.ports }

    /// What has to be run, and what of its result is a complaint; nil in `request` where nothing has to be.
    struct Errand {
        var request: CommandRequest?
        /// nil: it was brought.
        var complaint: (CommandResult) -> NoticeFailure? = {
            $0.succeeded ? nil : NoticeFailure($0.explanation)
        }
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
        return Errand(request: form.post.request) { form.complaint($0)?.scrubbed(by: redactor) }
    }

    private func errand(_ mail: Environment.Route.Mail) throws(DeployError) -> Errand {
        let letter = Letter(notice: notice, mail: mail, date: ports.clock.now()).text
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
            complaint: { $0.succeeded ? nil : NoticeFailure($0.explanation).scrubbed(by: redactor) },
            finish: { try? files.remove(file) })
    }

    private func errand(_ vector: [String]) throws(DeployError) -> Errand {
        guard let command = Command(vector: vector) else { return Errand() }
        let redactor = Redactor(secrets)
        return Errand(
            request: CommandRequest(
                command, in: workspace.project,
                environment: [
                    "DEPLOYCTL_ENVIRONMENT": notice.environment, "DEPLOYCTL_COMMAND": "notify",
                    "DEPLOYCTL_EVENT": notice.event,
                ],
                input: try JSON.data(notice), deadline: .seconds(30), outputLimit: 64 << 10),
            complaint: { $0.succeeded ? nil : NoticeFailure($0.explanation).scrubbed(by: redactor) })
    }

    /// The newest first, this one at the head unless it is a test.
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
                delivery, of: notice.project, at: delivery.sentAt ?? delivery.event.at,
                run: try Timestamp(digits: delivery.event.subject).flatMap { run throws(DeployError) in
                    try ports.state.deployment(run)
                })
        }
        try ports.files.publishForAll(JSON.data(Page(messages: (isTest ? [] : [notice]) + runs)), to: path)
    }
}

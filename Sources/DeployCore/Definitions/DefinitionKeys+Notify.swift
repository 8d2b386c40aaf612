extension DefinitionKeys {
    static let notified = [
        Key(
            "name", .text(.name), "What notifications and \"escalate\" call it; route-1 and so on unless set."
        ),
        Key("webhook", secret, "Where the address is to be found that takes messages; one of four."),
        Key(
            "form", .choice(Environment.Route.Webhook.Form.allCases.map(\.rawValue), later: []),
            "With \"webhook\": whose form messages have; json unless set."),
        Key(
            "token", secret,
            "With \"webhook\": where a bearer token, or the routing key of pagerduty, is to be found."),
        Key("chat", .text(.line), "With \"form\": \"telegram\": the chat."),
        Key("mail", .object(mail), "Letters to people; one of four."),
        Key(
            "command", arguments,
            "A program of the project that gets the message as JSON on standard input; one of four."),
        Key("file", .text(.relativePath), "A file that holds the latest messages as JSON; one of four."),
        Key(
            "on",
            .list(
                of: .choice(
                    Event.Kind.allCases.map(\.rawValue) + Event.Severity.allCases.map(\.rawValue), later: []),
                least: 0),
            "Events and severities it is told of; P0 and P1 unless set."),
        Key(
            "severity", .choice(Event.Severity.allCases.map(\.rawValue), later: []),
            "The severity of its messages; the event's own unless set."),
        Key("escalate", .object(escalation), "Who is told when nobody answers with deployctl ack."),
    ]

    private static let mail = [
        Key("to", .list(of: .text(.email), least: 1), "Who gets them.", required: true),
        Key("from", .text(.email), "Who sends them.", required: true),
        Key(
            "server", secret,
            "Where the address of the mail server is to be found, such as smtps://user:password@mail.example; the machine's sendmail unless set."
        ),
    ]

    private static let escalation = [
        Key("after", .text(.positiveDuration), "How long somebody may take to answer.", required: true),
        Key("to", .text(.name), "The name of another route.", required: true),
    ]
}

extension EnvironmentBuilder {
    func routes() -> [Environment.Route] {
        (tree["notify"]?.items ?? []).enumerated().compactMap { index, item in
            target(item).map { target in
                Environment.Route(
                    name: item["name"]?.text ?? "route-\(index + 1)", target: target,
                    on: item["on"]?.texts ?? [Event.Severity.p0.rawValue, Event.Severity.p1.rawValue],
                    severity: item["severity"]?.text.flatMap(Event.Severity.init(rawValue:)),
                    escalation: item["escalate"].flatMap(escalation))
            }
        }
    }

    private func target(_ item: Located) -> Environment.Route.Target? {
        if let url = item["webhook"]?.secretSource {
            return .webhook(
                .init(
                    url: url, form: item["form"]?.text.flatMap(Environment.Route.Webhook.Form.init) ?? .json,
                    token: item["token"]?.secretSource, chat: item["chat"]?.text))
        }
        if let mail = item["mail"] {
            return .mail(
                .init(
                    to: mail["to"]?.texts ?? [], from: mail["from"]?.text ?? "",
                    server: mail["server"]?.secretSource))
        }
        if let command = item["command"]?.texts { return .command(command) }
        return item["file"]?.text.map { .file($0) }
    }

    private func escalation(_ item: Located) -> Environment.Route.Escalation? {
        guard let after = item["after"]?.text.flatMap(DurationText.parse), let to = item["to"]?.text else {
            return nil
        }
        return .init(after: after, to: to)
    }
}

extension DefinitionChecks {
    mutating func checkRoutes() {
        let items = tree["notify"]?.items ?? []
        let names = items.enumerated().map { $1["name"]?.text ?? "route-\($0 + 1)" }
        for (index, item) in items.enumerated() {
            let path = "notify[\(index)]"
            let ways = ["webhook", "mail", "command", "file"].filter { item[$0] != nil }
            if ways.count != 1 {
                refuse(
                    item, path, ways.isEmpty ? "says no way to tell anybody" : "says more than one way",
                    "write one of \"webhook\", \"mail\", \"command\" and \"file\"")
            }
            let form = item["form"]?.text
            for key in ["form", "token", "chat"] where item[key] != nil && item["webhook"] == nil {
                refuse(item[key] ?? item, "\(path).\(key)", "belongs to a webhook", "remove it")
            }
            if form == "telegram", item["chat"] == nil {
                refuse(item, path, "names no chat", "add \"chat\", the number of the chat or its @name")
            }
            if form == "pagerduty", item["token"] == nil {
                refuse(
                    item, path, "has no routing key", "add \"token\", where the routing key is to be found")
            }
            if names[..<index].contains(where: { $0 == names[index] }) {
                refuse(item, path, "has the name of another route", "give it a \"name\" of its own")
            }
            if let to = item["escalate"]?["to"], let name = to.text,
                name == names[index] || !names.contains(where: { $0 == name })
            {
                refuse(
                    to, "\(path).escalate.to", "is no other route",
                    "write the \"name\" of another one of \"notify\"")
            }
        }
    }
}

extension DefinitionKeys {
    private static let vectors = Shape.list(of: .list(of: .text(.argument), least: 1), least: 0)

    static let promotionKeys =
        [
            Key(
                "from", .text(.name),
                "The environment whose proved release is promoted; null: releases are built for this one directly."
            ),
            Key(
                "trigger", .choice(Environment.Promotion.Trigger.allCases.map(\.rawValue), later: []),
                "manual: a person asks for each promotion; automatic: each successful deployment of \"from\" is"
                    + " promoted, only with acceptRisk. manual unless set."),
            Key("acceptRisk", .flag, "Whether nobody looks before an automatic promotion; false unless set."),
        ] + proofs + people + times

    private static let proofs = [
        Key("soak", .text(.positiveDuration), "How long the release must have run there without a restart."),
        Key("checks", .list(of: .text(.name), least: 0), "Names of checks that must pass there."),
        Key(
            "logs", .object([Key("forbid", .list(of: .text(.line), least: 1), "Texts.", required: true)]),
            "What no line of the service logs there may hold since the deployment."),
        Key("slo", .object(slo), "Load that the environment must stand."),
        Key("pushed", .flag, "Whether the commit must be on a remote branch; false unless set."),
        Key("commands", vectors, "The project's own gates, each a list of arguments; each must end with 0."),
        Key(
            "commandDeadline", .text(.positiveDuration), "How long each of them may take; 60s unless set."),
    ]

    private static let people = [
        Key("checklist", .list(of: .text(.line), least: 0), "What a person signs with deployctl approve."),
        Key("approvals", .integer(0...100), "How many people approve the release; 0 unless set."),
        Key("approvalsExpire", .text(.positiveDuration), "How long a signature counts; for ever unless set."),
    ]

    private static let times = [
        Key(
            "window", .list(of: .object(window), least: 0), "When promotions are open; always unless set."),
        Key("freezes", .list(of: .object(freeze), least: 0), "Spans without promotions."),
    ]

    private static let slo = [
        Key("path", .text(.healthPath), "What is asked; / unless set."),
        Key("requests", .integer(1...100_000), "How many requests; 500 unless set."),
        Key("concurrency", .integer(1...300), "How many at once; 4 unless set."),
        Key("p95", .text(.positiveDuration), "95 of 100 answers are faster; 200ms unless set."),
        Key(
            "errorRate", .number(0...1), "The share of requests that may fail, from 0 to 1; 0.001 unless set."
        ),
    ]

    private static let window = [
        Key("days", .text(.days), "Days such as mon-thu or sat,sun; every day unless set."),
        Key("from", .text(.clock), "When it opens.", required: true),
        Key(
            "to", .text(.clock), "When it closes; on the next day when it is not after \"from\".",
            required: true),
        Key("timezone", .text(.timezone), "The zone of both; UTC unless set."),
    ]

    private static let freeze = [
        Key("from", .text(.moment), "When it begins.", required: true),
        Key("to", .text(.moment), "The first moment after it.", required: true),
        Key("reason", .text(.line), "Why.", required: true),
    ]

    static let check =
        [
            Key("name", .text(.name), "What promotion.checks calls it.", required: true),
            Key(
                "steps", .list(of: .object(request), least: 1),
                "Requests in order, where there is more than one."),
            Key(
                "secrets", .map(keys: .captureName, values: secret),
                "Values for {name} in the requests: where each is to be found."),
        ] + request

    private static let request = [
        Key("request", .text(.requestLine), "Method and path."),
        Key("headers", .map(keys: .headerName, values: .text(.headerValue)), "Headers that are sent."),
        Key("body", .anything, "What is sent: a text as it is, anything else as JSON."),
        Key("expect", .object(expectation), "What the answer must be; a status from 200 to 299 unless set."),
        Key(
            "capture", .map(keys: .captureName, values: .text(.capturePath)),
            "Values of the answer that later requests use as {name}: a way into the JSON such as data.0.id, or"
                + " header:Location."),
    ]

    private static let expectation = [
        Key("status", .integer(100...599), "The status."),
        Key("headers", .map(keys: .headerName, values: .text(.headerValue)), "Headers and their values."),
        Key("json", .anything, "What the JSON answer holds at least."),
        Key("latency", .text(.positiveDuration), "How long the answer may take."),
    ]
}

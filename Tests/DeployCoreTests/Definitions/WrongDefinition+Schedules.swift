extension WrongDefinition {
    private static func schedules(_ items: String) -> String { "\"schedules\": [\(items)]" }

    private static func notify(_ items: String) -> String { "\"notify\": [\(items)]" }

    static let notified: [WrongDefinition] = [
        .init(
            "a route that tells nobody", notify(#"{"on": ["failed"]}"#), at: "notify[0]",
            says: "says no way to tell anybody"),
        .init(
            "a route of two ways", notify(#"{"file": "a.json", "command": ["b"]}"#), at: "notify[0]",
            says: "says more than one way"),
        .init(
            "an address in the open", notify(#"{"webhook": "https://hooks.example/T0"}"#),
            at: "notify[0].webhook", says: "never holds a secret"),
        .init(
            "an event that never happens", notify(#"{"file": "a.json", "on": ["fialed"]}"#),
            at: "notify[0].on[0]", says: "must be"),
        .init(
            "Telegram without a chat",
            notify(#"{"webhook": {"file": "a"}, "form": "telegram"}"#), at: "notify[0]", says: "names no chat"
        ),
        .init(
            "PagerDuty without its key", notify(#"{"webhook": {"file": "a"}, "form": "pagerduty"}"#),
            at: "notify[0]", says: "has no routing key"),
        .init(
            "a chat in a file", notify(#"{"file": "a.json", "chat": "7"}"#), at: "notify[0].chat",
            says: "belongs to a webhook"),
        .init(
            "two routes of one name",
            notify(#"{"name": "a", "file": "a.json"}, {"name": "a", "file": "b.json"}"#), at: "notify[1]",
            says: "has the name of another route"),
        .init(
            "an escalation to nobody",
            notify(#"{"file": "a.json", "escalate": {"after": "5m", "to": "cto"}}"#),
            at: "notify[0].escalate.to", says: "is no other route"),
    ]

    static let hooked: [WrongDefinition] = [
        .init(
            "a hook of nothing", #""hooks": {"pre-lunch": [["eat"]]}"#, at: "hooks.pre-lunch",
            says: "unknown key"),
        .init(
            "a hook in a release that is not there yet", #""hooks": {"in": "release", "pre-build": [["a"]]}"#,
            at: "hooks.pre-build", says: "before there is a release"),
        .init(
            "a hook that is one text", #""hooks": {"post-deploy": "./tell"}"#, at: "hooks.post-deploy",
            says: "must be"),
    ]

    static let scheduled: [WrongDefinition] = [
        .init(
            "a schedule without a time", schedules(#"{"run": ["doctor"]}"#),
            at: "schedules[0]", says: "says no time"),
        .init(
            "a schedule with two times", schedules(#"{"at": "03:00", "every": "1h", "run": ["doctor"]}"#),
            at: "schedules[0]", says: "more than one time"),
        .init(
            "a schedule that runs all the time", schedules(#"{"every": "5s", "run": ["doctor"]}"#),
            at: "schedules[0].every", says: "less than a minute"),
        .init(
            "a schedule that promotes", schedules(#"{"at": "03:00", "run": ["production"]}"#),
            at: "schedules[0].run", says: "nothing that may run while nobody looks"),
        .init(
            "a schedule for the other environment",
            schedules(#"{"at": "03:00", "run": ["backup", "create", "production"]}"#),
            at: "schedules[0].run", says: "is about another environment"),
        .init(
            "a schedule for another folder",
            schedules(#"{"at": "03:00", "run": ["doctor", "--project=/srv/other"]}"#),
            at: "schedules[0].run", says: "another environment or folder"),
        .init(
            "logs in the tool's own folder", #""logs": ".deployctl/staging/shared/x""#, at: "logs",
            says: "deployctl's own folder"),
        .init(
            "FastCGI at a port that everybody reaches",
            #""services": {"backend": {"role": "app", "command": ["f"], "protocol": "fastcgi", "root": "public"}, "front": {"role": "edge", "routes": {"/": "backend"}}}"#,
            at: "services.backend.protocol", says: "reached by every account"),
        .init(
            "a schedule that runs nothing", schedules(#"{"at": "03:00", "service": "backend"}"#),
            at: "schedules[0]", says: "runs nothing"),
        .init(
            "a schedule of no service", schedules(#"{"at": "03:00", "service": "cron", "command": ["x"]}"#),
            at: "schedules[0].service", says: "names no app service"),
        .init(
            "a day that never comes", schedules(#"{"cron": "0 0 31 2 *", "run": ["doctor"]}"#),
            at: "schedules[0].cron", says: "five fields of crontab"),
        .init(
            "two schedules of one name",
            schedules(#"{"at": "03:00", "run": ["doctor"]}, {"at": "04:00", "run": ["doctor"]}"#),
            at: "schedules[1]", says: "has the name of another schedule"),
        .init(
            "pieces of a log that are too small", #""logs": {"size": "1kB"}"#, at: "logs.size",
            says: "64KiB"),
        .init(
            "logs that hold no pieces", #""logs": {"within": "20MB"}"#, at: "logs.within",
            says: "less than two pieces"),
        .init(
            "logs to a place that is none", #""logs": {"to": "journald"}"#, at: "logs.to", says: "journal"),
        .init(
            "a request's id of one's own", #""headers": {"x-request-ID": "1"}"#, at: "headers.x-request-ID",
            says: "given by the edge itself"),
    ]
}

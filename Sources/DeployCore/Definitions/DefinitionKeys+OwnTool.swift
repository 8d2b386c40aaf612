extension DefinitionKeys {
    static let ownTool = [
        Key(
            "deploy", arguments,
            "Command: has the project's own tool put the release in the place of the one before; {release}, {commit},"
                + " {environment}, {previous} and {deployment} are filled in."),
        Key("status", arguments, "Command: prints what runs as one JSON object."),
        Key("rollback", arguments, "Command: goes back to an earlier release; deploy does unless set."),
        Key("health", arguments, "Command: ends with 0 while what runs is well."),
        Key("stop", arguments, "Command: ends what runs."),
        Key("logs", arguments, "Command: prints what services wrote last."),
        Key(
            "timeout", .text(.positiveDuration),
            "Command: how long each change may take, and how long after it until status shows it; 10m unless set."
        ),
    ]
}

extension EnvironmentBuilder {
    func ownTool() -> Environment.OwnTool? {
        guard let runtime = tree["runtime"], let deploy = runtime["deploy"], let status = runtime["status"]
        else { return nil }
        var tool = Environment.OwnTool(deploy: deploy.texts, status: status.texts)
        (tool.rollback, tool.health) = (runtime["rollback"]?.texts, runtime["health"]?.texts)
        (tool.stop, tool.logs) = (runtime["stop"]?.texts, runtime["logs"]?.texts)
        tool.timeout = runtime["timeout"]?.text.flatMap(DurationText.parse) ?? tool.timeout
        return tool
    }

    /// What the project's own tool runs listens at no place that deployctl knows.
    func handed(_ services: [Service]) -> [Service] {
        guard !services.isEmpty else { return [.unnamed] }
        return services.map { service in
            var handed = service
            handed.listen = .none
            return handed
        }
    }
}

extension DefinitionChecks {
    var isOwnTool: Bool { runtimeKind == Environment.Runtime.Kind.command.rawValue }

    mutating func checkOwnTool() {
        guard let runtime = tree["runtime"] else { return }
        guard isOwnTool else { return refuseOwnTool(runtime) }
        for key in ["deploy", "status"] where runtime[key] == nil {
            refuse(
                runtime, "runtime.\(key)", "is missing; command needs it",
                "write for example \"\(key)\": [\"scripts/\(key)\", \"{environment}\"]")
        }
        for key in ["strategy", "file", "sockets"] {
            guard let value = runtime[key] else { continue }
            refuse(value, "runtime.\(key)", "has no meaning for the command runtime", "remove it")
        }
        for key in ["deploy", "status", "rollback", "health", "stop", "logs"] {
            checkWords(runtime[key], "runtime.\(key)")
        }
        if let database = tree["database"], runtime["stop"] == nil {
            refuse(
                database, "database", "cannot be put back while what uses it goes on, and nothing stops that",
                "add \"stop\" to \"runtime\"")
        }
        refuseWhatNobodyKeeps()
    }

    private mutating func refuseOwnTool(_ runtime: Located) {
        for key in DefinitionKeys.ownTool.map(\.name) {
            guard let value = runtime[key] else { continue }
            refuse(
                value, "runtime.\(key)", "has a meaning for the command runtime only",
                "remove it, or write \"kind\": \"command\"")
        }
    }

    private mutating func checkWords(_ command: Located?, _ path: String) {
        for (index, word) in (command?.items ?? []).enumerated() {
            guard let text = word.text else { continue }
            guard Placeholders.needsService(text) else {
                refuseUnknown(
                    in: word, "\(path)[\(index)]", known: Set(Environment.OwnTool.words),
                    but: Self.foreign(text))
                continue
            }
            refuse(
                word, "\(path)[\(index)]", "asks for an address, and deployctl gives none",
                "use {\(Environment.OwnTool.words.joined(separator: "}, {"))}")
        }
    }

    /// Words of the tool's own languages: `${VARIABLE}`, `{{end}}` of a template, and `{end}` after kubectl's `{range …}`.
    private static func foreign(_ text: String) -> Set<String> {
        let own = Braces.words(in: text).filter { text.holds("${\($0)}") || text.holds("{{\($0)}}") }
        return Set(own + (text.holds("{range ") ? ["end"] : []))
    }

    /// Of what runs elsewhere deployctl holds no port, folder, network or limit.
    private mutating func refuseWhatNobodyKeeps() {
        let elsewhere = [
            "shared", "network", "volumes", "ports", "hosts", "headers", "tls", "front", "limits", "drain",
            "features",
        ]
        for key in elsewhere {
            guard let value = tree[key] else { continue }
            refuse(value, key, Self.noMeaning, "remove it")
        }
        for (key, value) in ["logs", "slo", "checks"].map({ ($0, tree["promotion"]?[$0]) }) {
            guard let value else { continue }
            refuse(
                value, "promotion.\(key)", Self.noMeaning, "write it as a program of \"promotion.commands\"")
        }
        if let checks = tree["checks"] { refuse(checks, "checks", Self.noMeaning, "remove it") }
    }

    private static let noMeaning = "has no meaning where the project's own tool runs the services"

    /// A name by which the tool's status tells parts apart, and nothing more.
    mutating func checkHanded(_ service: Located.Member, _ path: String) {
        if let role = service.value["role"], role.text != Service.Role.app.rawValue {
            refuse(role, "\(path).role", Self.noMeaning, "write \"app\", or remove the service")
        }
        for member in service.value.members where member.key != "role" {
            refuse(
                at: member.location, DefinitionPath.key(member.key, in: path), Self.noMeaning, "remove it")
        }
    }
}

extension DefinitionKeys {
    static let hooks =
        Environment.Moment.allCases.map { moment in
            Key(
                moment.rawValue, commands,
                moment.comesBefore
                    ? "Run before it, in order; what fails ends the run."
                    : "Run after it, in order; what fails is a warning.")
        } + [
            Key(
                "in", .choice(Environment.Hooks.Place.allCases.map(\.rawValue), later: []),
                "The folder they run in: project unless set, or release."),
            Key("timeout", .text(.positiveDuration), "How long each may take; 5m unless set."),
        ]
}

extension EnvironmentBuilder {
    func hooks() -> Environment.Hooks {
        var hooks = Environment.Hooks()
        let written = tree["hooks"]
        for moment in Environment.Moment.allCases {
            let vectors = written?[moment.rawValue]?.items.map(\.texts) ?? []
            if !vectors.isEmpty { hooks.commands[moment] = vectors }
        }
        if let place = written?["in"]?.text.flatMap(Environment.Hooks.Place.init) { hooks.place = place }
        if let limit = written?["timeout"]?.text.flatMap(DurationText.parse) { hooks.timeout = limit }
        return hooks
    }
}

extension DefinitionChecks {
    mutating func checkHooks() {
        guard let hooks = tree["hooks"], hooks["in"]?.text == "release" else { return }
        for moment in Environment.Moment.allCases where moment.precedesRelease {
            guard let value = hooks[moment.rawValue] else { continue }
            refuse(
                value, "hooks.\(moment.rawValue)", "runs before there is a release to run it in",
                "remove it, or remove \"in\"")
        }
    }
}

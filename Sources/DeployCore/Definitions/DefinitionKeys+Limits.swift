extension DefinitionKeys {
    static let limits = [
        Key(
            "memory", .text(.memory),
            "The most memory, swap included; a process for which none is left is killed."),
        Key("cpu", .number(0.01...1024), "The most processors' time, 1.5 being one and a half processors."),
        Key("processes", .integer(1...4_194_304), "The most processes and threads."),
    ]
}

extension TextRule {
    /// With less not even a shell starts.
    static let memory = TextRule(
        expectation: "a size of at least 4MiB such as \"512MB\" or \"1GiB\"",
        pattern: "^[0-9]*[1-9][0-9]*(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$", example: "512MB"
    ) { text in SizeText.parse(text).map { $0 >= 4 << 20 } ?? false }
}

extension EnvironmentBuilder {
    /// nil where nothing is set.
    func limits(_ value: Located?) -> Limits? {
        let limits = Limits(
            memory: value?["memory"]?.text.flatMap(SizeText.parse), cpu: value?["cpu"]?.fraction,
            processes: value?["processes"]?.integer)
        return limits.kinds.isEmpty ? nil : limits
    }
}

extension DefinitionChecks {
    mutating func checkLimits() {
        if usesComposeFile, let limits = tree["limits"] {
            refuse(
                limits, "limits", "of a whole environment are for services that run as processes",
                "write \"limits\" to each service instead")
        }
        for service in tree["services"]?.members ?? [] { checkLimits(of: service) }
    }

    private mutating func checkLimits(of service: Located.Member) {
        guard let limits = service.value["limits"] else { return }
        let path = "\(DefinitionPath.key(service.key, in: "services")).limits"
        let role = service.value["role"]?.text
        guard role == "app" || usesComposeFile && role != "edge" else {
            return refuse(
                limits, path, "has no meaning for a service that deployctl does not start", "remove it")
        }
        let most = tree["limits"]
        for key in ["memory", "cpu", "processes"] {
            func amount(_ value: Located?) -> Double? {
                value.flatMap { $0.fraction ?? $0.text.flatMap(SizeText.parse).map(Double.init) }
            }
            guard let value = limits[key], let mine = amount(value), let all = amount(most?[key]), mine > all
            else { continue }
            refuse(
                value, "\(path).\(key)", "is more than the whole environment may have",
                "write less here, or more in \"limits\" of the environment")
        }
    }
}

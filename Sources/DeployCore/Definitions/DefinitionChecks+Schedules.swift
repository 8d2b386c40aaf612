extension DefinitionChecks {
    /// What may run while nobody looks: nothing that changes what serves, or shows a secret.
    private static let verbs = [
        ["backup", "create"], ["backup", "verify"], ["backup", "copy"], ["backup", "prune"],
        ["backup", "list"],
        ["kit", "create"], ["kit", "drill"], ["audit", "verify"], ["doctor"], ["status"], ["metrics"],
    ]

    mutating func checkSchedules() {
        var names: Set<String> = []
        for (index, item) in (tree["schedules"]?.items ?? []).enumerated() {
            let path = "schedules[\(index)]"
            let moments = ["at", "every", "cron"].filter { item[$0] != nil }
            if moments.count != 1 {
                refuse(
                    item, path, moments.isEmpty ? "says no time" : "says more than one time",
                    "write one of \"at\", \"every\" and \"cron\"")
            }
            if let every = item["every"], let length = every.text.flatMap(DurationText.parse),
                length < .seconds(60)
            {
                refuse(
                    every, "\(path).every", "is less than a minute", "write \"1m\", or let a service do it")
            }
            checkWork(item, path)
            let name =
                item["name"]?.text ?? (item["command"] ?? item["run"])?.texts.joined(separator: " ") ?? ""
            if !names.insert(name).inserted {
                refuse(item, path, "has the name of another schedule", "give it a \"name\" of its own")
            }
        }
    }

    private mutating func checkWork(_ item: Located, _ path: String) {
        guard (item["run"] == nil) != (item["command"] == nil) else {
            return refuse(
                item, path, item["run"] == nil ? "runs nothing" : "runs two things",
                "write either \"run\", or \"service\" and \"command\"")
        }
        if let run = item["run"] {
            if !Self.verbs.contains(where: { run.texts.starts(with: $0) }) {
                return refuse(
                    run, "\(path).run", "is nothing that may run while nobody looks",
                    "write one of \(Self.verbs.map { $0.joined(separator: " ") }.joined(separator: ", "))")
            }
            let words = run.texts
            let elsewhere = ["-C", "-e", "-d", "--project", "--environment", "--destination"]
            if words.contains(where: { word in
                word != name && environments.contains { $0 == word }
                    || elsewhere.contains { word.begins(with: $0) }
            }) {
                refuse(
                    run, "\(path).run", "is about another environment or folder",
                    "write it into that environment's definition")
            }
            return
        }
        let known = (tree["services"]?.members ?? []).filter { $0.value["role"]?.text == "app" }.map(\.key)
        guard let service = item["service"], let name = service.text, known.contains(name) else {
            return refuse(
                item["service"] ?? item, "\(path).service", "names no app service",
                "write one of \(known.joined(separator: ", "))")
        }
    }
}

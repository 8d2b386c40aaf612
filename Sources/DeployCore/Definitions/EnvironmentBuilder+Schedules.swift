extension EnvironmentBuilder {
    func schedules() -> [Environment.Schedule] {
        (tree["schedules"]?.items ?? []).compactMap { item in
            guard let when = when(item) else { return nil }
            let words = words(item)
            return Environment.Schedule(
                name: item["name"]?.text ?? (item["command"]?.texts ?? words).joined(separator: " "),
                when: when,
                timezone: item["timezone"]?.text ?? "UTC", words: words)
        }
    }

    private func when(_ item: Located) -> Environment.Schedule.When? {
        if let every = item["every"]?.text.flatMap(DurationText.parse) { return .every(every) }
        if let cron = item["cron"]?.text { return .cron(cron) }
        guard let minutes = item["at"]?.text.flatMap(ClockText.parse) else { return nil }
        return .cron("\(minutes % 60) \(minutes / 60 % 24) * * *")
    }

    private func words(_ item: Located) -> [String] {
        guard let command = item["command"] else { return item["run"]?.texts ?? [] }
        return ["exec", name, item["service"]?.text ?? "", "--"] + command.texts
    }
}

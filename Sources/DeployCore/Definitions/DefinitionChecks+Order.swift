extension DefinitionChecks {
    /// That services can be started and stopped in the order that is asked for.
    mutating func checkOrder(of service: Located.Member, _ path: String) {
        for (key, words) in [
            ("stop", "\"stop_signal\" and \"stop_grace_period\""), ("after", "\"depends_on\""),
        ] {
            guard usesComposeFile, let value = service.value[key] else { continue }
            refuse(
                value, "\(path).\(key)", "stands in the Compose file, as \(words)",
                "write it there, and remove it here")
        }
        for (index, name) in (service.value["after"]?.items ?? []).enumerated() {
            guard let text = name.text, !apps.contains(text) || text == service.key else { continue }
            let why = text == service.key ? "is the service itself" : "names no app service"
            refuse(
                name, "\(path).after[\(index)]", why,
                Nearest.word(to: text, in: apps.filter { $0 != service.key }).map { "rename it to \"\($0)\"" }
                    ?? "name another app service, or remove it")
        }
    }

    /// No service may wait for itself by way of others.
    mutating func checkCycles() {
        let members = tree["services"]?.members ?? []
        let after = Dictionary(
            members.map { ($0.key, $0.value["after"]?.texts ?? []) }, uniquingKeysWith: { $1 })
        for member in members {
            guard let value = member.value["after"],
                let way = Self.way(from: member.key, to: member.key, by: after, past: [])
            else { continue }
            return refuse(
                value, "\(DefinitionPath.key(member.key, in: "services")).after",
                "waits for itself: \(way.map { Shown.text($0) }.joined(separator: " after "))",
                "remove one of them")
        }
    }

    /// The services on the way, both ends included; nil where none leads there, or only by way of one itself.
    private static func way(
        from service: String, to end: String, by after: [String: [String]], past seen: Set<String>
    ) -> [String]? {
        for next in after[service] ?? [] where next != service {
            if next == end { return [service, end] }
            guard !seen.contains(next) else { continue }
            if let rest = way(from: next, to: end, by: after, past: seen.union([next])) {
                return [service] + rest
            }
        }
        return nil
    }

    private var apps: [String] {
        (tree["services"]?.members ?? []).filter { $0.value["role"]?.text == "app" }.map(\.key)
    }
}

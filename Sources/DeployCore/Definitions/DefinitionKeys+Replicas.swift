extension DefinitionKeys {
    static let replicas = Key(
        "replicas", .integer(1...64),
        "Process runtime: how many of this app service run, each as web.1, web.2 and so on; 1 unless set.")
}

extension EnvironmentBuilder {
    /// Each as often as the definition says; those that come after a service come after all of it.
    func replicated(_ services: [Service]) -> [Service] {
        let members = tree["services"]?.members ?? []
        let all = services.map { service in
            service.replicated(
                members.first { $0.key == service.name }?.value["replicas"]?.integer ?? 1)
        }
        return all.joined().map { service in
            var one = service
            one.after = service.after.flatMap { name in
                all.first { $0.first?.definedName == name }?.map(\.name) ?? [name]
            }
            return one
        }
    }
}

extension DefinitionChecks {
    mutating func checkReplicas(of service: Located.Member, _ path: String) {
        guard let replicas = service.value["replicas"], let count = replicas.integer else { return }
        if usesComposeFile {
            return refuse(
                replicas, "\(path).replicas", "is for services that run as processes", "remove it here")
        }
        guard count > 1 else { return }
        if service.value["overlap"]?.flag == false {
            refuse(
                replicas, "\(path).replicas",
                "contradicts \"overlap\": false, of which never two run at once",
                "remove one of the two")
        }
        if service.value["protocol"]?.text == "fastcgi" {
            refuse(
                replicas, "\(path).replicas",
                "has no meaning for FastCGI, whose program has workers of its own",
                "remove it, and set the number of workers in that program")
        }
    }

    /// Whether several of a service run, so that it has no address of its own.
    func isReplicated(_ name: String) -> Bool {
        guard let count = tree["services"]?[name]?["replicas"]?.integer else { return false }
        return count > 1
    }
}

extension TextRule {
    static let registry = TextRule(
        expectation: "a registry with an optional path, such as registry.example/shop or 127.0.0.1:5000",
        pattern: "^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9][a-z0-9._-]*)*$",
        example: "registry.example/shop"
    ) { text in
        let parts = text.split(at: "/", keepsEmpty: true)
        let host = parts.first?.cut(at: ":")
        let port = host.map { Int($0.after).map { (1...65_535).contains($0) } ?? false } ?? true
        let names = [host?.before ?? parts.first ?? ""] + parts.dropFirst()
        return text.utf8.count <= 150 && port
            && names.allSatisfy { name in
                guard let first = name.utf8.first, isLowerOrDigit(first) else { return false }
                return name.utf8.allSatisfy { isLowerOrDigit($0) || "._-".utf8.contains($0) }
            }
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        "abcdefghijklmnopqrstuvwxyz0123456789".utf8.contains(byte)
    }
}

extension DefinitionChecks {
    var isSwarm: Bool { runtimeKind == Environment.Runtime.Kind.swarm.rawValue }

    mutating func checkSwarm() {
        guard let runtime = tree["runtime"] else { return }
        guard isSwarm else {
            guard let registry = runtime["registry"] else { return }
            return refuse(
                registry, "runtime.registry", "has a meaning for the swarm runtime only",
                "remove it, or write \"kind\": \"swarm\"")
        }
        if runtime["registry"] == nil {
            refuse(
                runtime, "runtime.registry",
                "is missing; every machine of a swarm takes its images from there",
                "add for example \"registry\": \"registry.example/shop\"")
        }
        for key in ["volumes", "features"] {
            guard let value = tree[key], key != "volumes" || !hasData else { continue }
            refuseLyingHere(value, key)
        }
        for (index, folder) in (tree["shared"]?.items ?? []).enumerated() where !isServed(folder.text) {
            refuseLyingHere(folder, "shared[\(index)]")
        }
        refuseDatabaseOfOneMachine(whose: "services of a swarm run on any of several machines, and each")
    }

    private mutating func refuseLyingHere(_ value: Located, _ path: String) {
        refuse(
            value, path, "lies on one machine, and services of a swarm run on any of several",
            "remove it, and keep data in a database or an object store")
    }

    /// Whether the front gives it out, which runs on the machine it lies on.
    private func isServed(_ folder: String?) -> Bool {
        guard let folder else { return false }
        let routes = services.flatMap { $0.value["routes"]?.members ?? [] }
        return routes.contains { route in
            guard let target = route.value.text else { return false }
            return target == folder || target.begins(with: "\(folder)/")
        }
    }

    private var hasData: Bool {
        tree["services"]?.members.contains { $0.value["role"]?.text == Service.Role.data.rawValue } ?? false
    }

    /// What services of other machines reach.
    mutating func refuseDatabaseOfOneMachine(whose reason: String) {
        guard let database = tree["database"] else { return }
        if let engine = database["engine"], engine.text == Environment.Database.Engine.sqlite.rawValue {
            return refuse(
                engine, "database.engine", "is a file of one machine; \(reason) would have its own",
                "use a database server")
        }
        guard database["service"] == nil else { return }
        let host = database["host"]?.text
        guard host.map({ $0 == "localhost" || $0 == "::1" || $0.begins(with: "127.") }) ?? true else {
            return
        }
        refuse(
            database["host"] ?? database, "database.host",
            host == nil
                ? "is missing; \(reason) has to reach the server"
                : "is each machine itself; \(reason) has to reach the same server",
            "name the host at which every machine reaches the server, or a data service with \"service\"")
    }
}

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
        for key in ["shared", "volumes", "features"] {
            guard let value = tree[key], key != "volumes" || !hasData else { continue }
            refuse(
                value, key, "lies on one machine, and services of a swarm run on any of several",
                "remove it, and keep data in a database or an object store")
        }
        checkSwarmDatabase()
    }

    private var hasData: Bool {
        tree["services"]?.members.contains { $0.value["role"]?.text == Service.Role.data.rawValue } ?? false
    }

    /// What services of other machines reach.
    private mutating func checkSwarmDatabase() {
        guard let database = tree["database"] else { return }
        if let engine = database["engine"], engine.text == Environment.Database.Engine.sqlite.rawValue {
            return refuse(
                engine, "database.engine", "is a file of one machine, and services of a swarm run on several",
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
                ? "is missing; services of a swarm run on any of several machines"
                : "is each machine itself, and services of a swarm run on any of several",
            "name the host at which every machine reaches the server, or a data service with \"service\"")
    }
}

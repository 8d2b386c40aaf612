extension DefinitionChecks {
    /// Ports that are shared by name belong to nobody's definition alone.
    mutating func checkHosts() {
        let front = tree["front"]
        guard tree["hosts"] != nil else {
            for key in ["http", "https", "canonical"] {
                guard let value = front?[key] else { continue }
                refuse(
                    value, "front.\(key)", "is for \"hosts\", which are not set",
                    "remove it, or add \"hosts\"")
            }
            return
        }
        let shared = [("http", front?["http"]?.integer ?? 80), ("https", front?["https"]?.integer ?? 443)]
        if shared[0].1 == shared[1].1, let value = front?["https"] ?? front?["http"] {
            refuse(value, "front.https", "is also the port for http", "give each its own number")
        }
        for port in tree["ports"]?.members ?? [] {
            guard let key = shared.first(where: { $0.1 == port.value.integer }) else { continue }
            refuse(
                port.value, DefinitionPath.key(port.key, in: "ports"),
                "\(key.1) is where \"hosts\" are asked for, by front.\(key.0)",
                "remove it, or give it another number")
        }
    }
}

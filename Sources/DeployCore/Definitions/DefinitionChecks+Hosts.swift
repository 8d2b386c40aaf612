extension DefinitionChecks {
    /// Ports that are shared by name belong to nobody's definition alone.
    mutating func checkHosts() {
        guard tree["hosts"] != nil else { return refuseKeysOfHosts() }
        let http = tree["front"]?["http"]?.integer ?? 80
        let https = tree["front"]?["https"]?.integer ?? 443
        if http == https, let value = tree["front"]?["https"] ?? tree["front"]?["http"] {
            refuse(value, "front.https", "is also the port for http", "give each its own number")
        }
        for port in tree["ports"]?.members ?? [] {
            if port.value.integer == http { refuseShared(port, "http") }
            if port.value.integer == https { refuseShared(port, "https") }
        }
    }

    private mutating func refuseKeysOfHosts() {
        for key in ["http", "https", "canonical"] {
            guard let value = tree["front"]?[key] else { continue }
            refuse(
                value, "front.\(key)", "is for \"hosts\", which are not set",
                "remove it, or add \"hosts\"")
        }
    }

    private mutating func refuseShared(_ port: Located.Member, _ key: String) {
        refuse(
            port.value, DefinitionPath.key(port.key, in: "ports"),
            "\(port.value.integer ?? 0) is where \"hosts\" are asked for, by front.\(key)",
            "remove it, or give it another number")
    }
}

extension Environment {
    /// Names by which visitors ask at ports that environments share, the first one the environment's own; empty: it
    /// shares none.
    var hosts: [String] {
        get { definedHosts ?? [] }
        set { definedHosts = newValue.isEmpty ? nil : newValue }
    }

    /// Where its names are asked for.
    var sharedPorts: (http: Int, https: Int) { (front.http ?? 80, front.https ?? 443) }

    /// Whether visitors reach it at all: by a port of its own, or by name.
    var isReached: Bool { !edgePorts.isEmpty || !hosts.isEmpty }

    /// Its first name as an address to type; nil where it has none.
    var addressByName: String? { hosts.first.map(address) }

    /// Where a name is asked for, without a path.
    func address(of host: String) -> String {
        guard tls != nil else { return "http://\(host)\(Self.suffix(sharedPorts.http, standard: 80))" }
        return "https://\(host)\(Self.suffix(sharedPorts.https, standard: 443))"
    }

    private static func suffix(_ port: Int, standard: Int) -> String { port == standard ? "" : ":\(port)" }
}

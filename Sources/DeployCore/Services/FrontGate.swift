/// Whom the edge lets in and how often, at the public ports.
struct FrontGate {
    let environment: Environment
    /// What nginx reads users and passwords from; an absolute path.
    let passwords: String

    /// For all servers.
    var counted: [String] {
        guard let rate = environment.front.rate else { return [] }
        return [
            "limit_req_zone $binary_remote_addr zone=visitors:10m rate=\(rate.requests)r/\(rate.per.rawValue);",
            "limit_req_status 429;",
        ]
    }

    /// In a server that people reach.
    var lines: [String] {
        (environment.front.password == nil
            ? []
            : [
                "auth_basic \(NginxText.quoted(environment.name));",
                "auth_basic_user_file \(NginxText.quoted(passwords));",
            ])
            + (environment.front.rate.map { ["limit_req zone=visitors burst=\($0.requests) nodelay;"] } ?? [])
    }

    /// What was asked for here is not told to services.
    var withheld: [String] {
        environment.front.password == nil ? [] : ["proxy_set_header Authorization \"\";"]
    }

    /// A port at each address of the definition, as nginx is told to listen.
    func places(of port: Int) -> [String] {
        guard let addresses = environment.front.listen else { return ["\(port)"] }
        return addresses.map { AddressText.isSix($0) ? "[\($0)]:\(port)" : "\($0):\(port)" }
    }
}

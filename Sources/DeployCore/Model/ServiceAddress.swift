/// Where something of this machine listens; kept in `instance.json`.
public enum ServiceAddress: Hashable, Codable, Sendable {
    /// A unix socket, by its absolute path.
    case socket(String)
    /// A TCP port of the loopback address.
    case port(Int)
    /// The same, spoken to in TLS.
    case tls(Int)

    /// As nginx writes it in `proxy_pass`.
    var nginx: String {
        switch self {
        case .socket(let path): "unix:\(path)"
        case .port(let port), .tls(let port): "127.0.0.1:\(port)"
        }
    }
}

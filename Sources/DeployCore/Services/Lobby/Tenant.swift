/// An environment as the lobby knows it: its names, its certificate, and where it is.
struct Tenant: Hashable, Codable, Sendable {
    struct Certificate: Hashable, Codable, Sendable {
        /// Absolute paths of PEM files.
        var path: String
        var key: String
        /// SHA-256 of the chain, so that a renewed one is another tenant; empty where there is none, which is nginx's to name.
        var digest: String
    }

    /// Absolute path.
    var project: String
    var environment: String
    /// At least one; the first is its own.
    var hosts: [String]
    /// Where it is asked for without TLS, and with it.
    var http: Int
    var https: Int
    /// Addresses of this machine, IPv4 and IPv6.
    var listen: [String]
    /// Addresses and networks of proxies in front whose word counts.
    var trust: [String]
    /// nil: without TLS.
    var certificate: Certificate?
    // Optional, so that what an earlier version wrote can be read.
    /// True where nothing but the questions of an authority is led there, by names that are not let in yet.
    var isAsked: Bool?

    /// What names it in files; the same as long as the project's folder is.
    static func id(of layout: Layout, isAsked: Bool = false) -> String {
        id(project: layout.project, environment: layout.environment.name, isAsked: isAsked)
    }

    var id: String { Self.id(project: project, environment: environment, isAsked: isAsked == true) }

    private static func id(project: String, environment: String, isAsked: Bool) -> String {
        let place = "\(project)\n\(environment)" + (isAsked ? "\nasked" : "")
        return String(SHA256.hexadecimal(of: place).prefix(16))
    }

    /// Whether both are one environment's.
    func isOfSamePlace(as other: Tenant) -> Bool {
        project == other.project && environment == other.environment
    }

    /// As messages name it.
    var shown: String { "\(environment) of \(Shown.text(project, limit: 4096))" }

    /// What of it could be anything but a value in an nginx file; nil where nothing is.
    var fault: String? {
        let paths = [project, certificate?.path ?? "/", certificate?.key ?? "/"]
        if hosts.isEmpty || !hosts.allSatisfy(TextRule.hostName.accepts) { return "its hosts are no names" }
        if !listen.allSatisfy(TextRule.address.accepts) { return "it listens on what is no address" }
        if !trust.allSatisfy(TextRule.network.accepts) { return "it trusts what is no network" }
        if !paths.allSatisfy({ $0.begins(with: "/") && NginxText.isWritable($0) }) {
            return "a path of it cannot be written to an nginx file"
        }
        if certificate?.digest.holdsOnly("0123456789abcdef") == false { return "its digest is none" }
        return (1...65_535).contains(http) && (1...65_535).contains(https) ? nil : "its ports are none"
    }

    /// The same without TLS.
    var withoutTLS: Tenant {
        var tenant = self
        tenant.certificate = nil
        return tenant
    }
}

extension Tenant {
    /// What an environment's definition, and the certificate that lies there, make of it; nil where it has no names.
    init?(_ site: Site) throws(DeployError) {
        let (environment, layout) = (site.environment, site.layout)
        guard !environment.hosts.isEmpty else { return nil }
        (project, self.environment, hosts) = (layout.project, environment.name, environment.hosts)
        (http, https) = environment.sharedPorts
        (listen, trust) = (environment.front.listen ?? ["0.0.0.0"], environment.front.trust ?? [])
        certificate = try Self.certificate(site)
    }

    private static func certificate(_ site: Site) throws(DeployError) -> Certificate? {
        guard let tls = site.environment.tls else { return nil }
        let (path, key) = (site.layout.absolute(tls.certificate), site.layout.absolute(tls.key))
        let chain = try site.ports.files.read(path, from: 0, limit: 1 << 20)
        let digest = chain.map { SHA256.hexadecimal(of: String(decoding: $0, as: UTF8.self)) }
        return Certificate(path: path, key: key, digest: digest ?? "")
    }
}

import FoundationEssentials

/// What the edge has to run with, by the definition and by the certificate that lies there.
struct EdgeConfiguration {
    let site: Site
    /// Absolute path of the folder with what an authority asks for; nil: as the definition says.
    var challenges: String?
    /// Absolute path of the socket at which the lobby asks for the same; nil: it does not.
    var askedDoor: String?

    /// What it runs with, against what it should.
    enum Drift { case none, certificate, other }

    func text() throws(DeployError) -> String {
        var configuration = NginxConfiguration(layout: site.layout, account: try site.worker())
        configuration.doors = try LobbyPlace(site)?.doors(of: Tenant.id(of: site.layout))
        (configuration.challenges, configuration.askedDoor) = (challenges, askedDoor)
        return configuration.edge(
            certificate: try certificate(), runningAsRoot: site.ports.processes.runsAsRoot)
    }

    /// `.none` also where nothing can be read.
    var drift: Drift {
        guard let data = try? site.ports.files.read("\(site.layout.edge)/nginx.conf"),
            let wanted = try? text()
        else { return .none }
        let present = String(decoding: data, as: UTF8.self)
        if present == wanted { return .none }
        return Self.withoutCertificate(present) == Self.withoutCertificate(wanted) ? .certificate : .other
    }

    private static func withoutCertificate(_ text: String) -> [Substring] {
        text.lines.filter { !$0.holds(NginxConfiguration.certificateMark) }
    }

    /// Missing files are nginx's to name.
    private func certificate() throws(DeployError) -> String? {
        guard let path = site.layout.certificates.certificate else { return nil }
        let text = try site.ports.files.read(path, from: 0, limit: 1 << 20)
        return text.map { SHA256.hexadecimal(of: String(decoding: $0, as: UTF8.self)) }
    }
}

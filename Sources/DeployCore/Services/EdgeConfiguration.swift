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
        return Self.sealed(
            configuration.edge(
                certificate: try certificate(), runningAsRoot: site.ports.processes.runsAsRoot))
    }

    /// `.none` also where nothing can be read.
    var drift: Drift {
        guard let data = try? site.ports.files.read("\(site.layout.edge)/nginx.conf"),
            let wanted = try? text()
        else { return .none }
        let present = String(decoding: data, as: UTF8.self)
        if Self.isEdited(present) { return .other }
        let (served, lying) = (Self.certificates(in: present), Self.certificates(in: wanted))
        if served == lying { return .none }
        return served.isEmpty || lying.isEmpty ? .other : .certificate
    }

    private static let seal = "# As deployctl wrote it: "

    /// With a first line that tells whether the rest was changed since.
    static func sealed(_ text: String) -> String {
        "\(seal)\(SHA256.hexadecimal(of: text))\n\(text)"
    }

    /// Whether somebody else wrote in it; what another version of deployctl wrote is as good as this one's.
    private static func isEdited(_ text: String) -> Bool {
        guard let (first, rest) = text.cut(at: "\n"), first.begins(with: seal) else { return false }
        return sealed(String(rest)).cut(at: "\n")?.before != first
    }

    private static func certificates(in text: String) -> [Substring] {
        text.lines.filter { $0.holds(NginxConfiguration.certificateMark) }
    }

    /// Missing files are nginx's to name.
    private func certificate() throws(DeployError) -> String? {
        guard let path = site.layout.certificates.certificate else { return nil }
        let text = try site.ports.files.read(path, from: 0, limit: 1 << 20)
        return text.map { SHA256.hexadecimal(of: String(decoding: $0, as: UTF8.self)) }
    }
}

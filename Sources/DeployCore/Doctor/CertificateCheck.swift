/// Checks that the files of the https port are there, belong together and have not expired.
struct CertificateCheck {
    let site: Site

    /// nil for an environment without TLS.
    var finding: Finding? {
        guard let tls = site.environment.tls else { return nil }
        let (certificate, key) = (site.layout.absolute(tls.certificate), site.layout.absolute(tls.key))
        return Finding(id: "\(site.environment.name) tls", verdict: verdict(certificate, key))
    }

    private static let soon = 14 * 86_400

    private func verdict(_ certificate: String, _ key: String) -> Verdict {
        let (files, commands) = (site.ports.files, site.ports.commands)
        for path in [certificate, key] where ((try? files.read(path)) ?? nil) == nil {
            return .refused(
                "\(path) is missing or cannot be read",
                next:
                    "put the PEM file there, or change \"tls\" in environments/\(site.environment.name).json")
        }
        guard commands.has("openssl") else {
            return .warned("its expiry is not known without openssl", next: "apt-get install openssl")
        }
        let asked = [
            CertificateCommands.expiry(certificate, within: 0),
            CertificateCommands.expiry(certificate, within: Self.soon),
            CertificateCommands.publicKey(ofCertificate: certificate),
            CertificateCommands.publicKey(ofKey: key),
        ]
        let answers = commands.runTogether(asked.map { CommandRequest($0, deadline: .seconds(10)) })
        guard let until = answers[0].output.lines.first?.after("notAfter=") else {
            return .refused("\(certificate) holds no certificate", next: "put the PEM file there")
        }
        if !answers[0].succeeded { return .refused("expired on \(until)", next: "renew \(certificate)") }
        guard answers[2].output == answers[3].output else {
            return .refused(
                "\(key) is not the key of \(certificate)", next: "put both files of one certificate there")
        }
        return answers[1].succeeded
            ? .passed("until \(until)") : .warned("expires on \(until)", next: "renew \(certificate)")
    }
}

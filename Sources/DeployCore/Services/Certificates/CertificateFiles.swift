import FoundationEssentials

/// A certificate and its key, as they lie in two files of this machine.
struct CertificateFiles {
    let site: Site
    /// Absolute paths of PEM files.
    let certificate: String
    let key: String

    /// What was found in them.
    enum Finding {
        case good(Certificate)
        /// They cannot be served, or nobody would believe them; `next` mends it.
        case wrong(String, next: String, Certificate?)
        /// They are not there.
        case missing(String)
        /// openssl is not there to look.
        case unknown
    }

    /// Looks at both now.
    ///
    /// `names`: hosts it has to be good for.
    func look(for names: [String]) -> Finding {
        let (files, programs) = (site.ports.files, site.ports.commands)
        for path in [certificate, key] {
            guard files.kind(of: path) != nil else { return .missing(path) }
            guard let data = (try? files.read(path, from: 0, limit: 1 << 20)) ?? nil else {
                return .wrong(
                    "\(path) cannot be read", next: "give this account the right to read it: chown, chmod",
                    nil)
            }
            guard !data.isEmpty else { return .wrong("\(path) is empty", next: putBoth, nil) }
        }
        guard programs.has("openssl") else { return .unknown }
        let answers = programs.runTogether(
            CertificateCommands.all(certificate, key).map { CommandRequest($0, deadline: .seconds(10)) })
        guard var found = Certificate(printed: answers[0].output) else {
            return .wrong("\(certificate) holds no certificate", next: "put the PEM file there", nil)
        }
        guard answers[2].succeeded else {
            return .wrong(
                "\(key) holds no key that can be read without a password", next: "put the PEM file there",
                found)
        }
        guard answers[1].output == answers[2].output else {
            return .wrong("\(key) is not the key of \(certificate)", next: putBoth, found)
        }
        let text = (try? files.read(certificate)).flatMap { $0 }.map {
            String(decoding: $0, as: UTF8.self)
        }
        let count = (text ?? "").split(at: "-----BEGIN CERTIFICATE-----", keepsEmpty: true).count - 1
        found.lacksChain = count == 1 && !found.isSelfSigned
        return judge(found, for: names)
    }

    private func judge(_ found: Certificate, for names: [String]) -> Finding {
        let now = site.ports.clock.now()
        guard now < found.until else {
            return .wrong(
                "\(certificate) expired on \(UTC.rfc3339(found.until))", next: "renew it", found)
        }
        guard now >= found.from else {
            return .wrong(
                "\(certificate) is not valid before \(UTC.rfc3339(found.from))",
                next: "wait, or put another one there; date says what this machine's clock shows", found)
        }
        let uncovered = names.filter { !found.covers($0) }
        guard uncovered.isEmpty else {
            let good = found.names.isEmpty ? "no name" : found.names.joined(separator: ", ")
            return .wrong(
                "\(certificate) is not for \(uncovered.joined(separator: ", ")): it is for \(Shown.text(good, limit: 400))",
                next: "put one there that is", found)
        }
        return .good(found)
    }

    private var putBoth: String {
        "put both files of one certificate there, its own certificate first"
    }
}

extension Site {
    /// The files of the https port; nil for an environment without TLS.
    var certificateFiles: CertificateFiles? {
        let place = layout.certificates
        guard let certificate = place.certificate, let key = place.key else { return nil }
        return CertificateFiles(site: self, certificate: certificate, key: key)
    }
}

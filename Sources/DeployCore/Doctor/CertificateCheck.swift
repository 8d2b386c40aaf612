import FoundationEssentials

/// Checks that what the https port is to be served with is there, belongs together, is valid and is for its hosts.
struct CertificateCheck {
    let site: Site

    private var name: String { site.environment.name }

    /// nil for an environment without TLS.
    var finding: Finding? {
        site.certificateFiles.map { Finding(id: "\(name) tls", verdict: verdict($0)) }
    }

    /// How long before its end a certificate is spoken of, in seconds.
    private static let soon = 14.0 * 86_400

    private func verdict(_ files: CertificateFiles) -> Verdict {
        let found = files.look(for: site.environment.certificateNames)
        if let acme = site.environment.tls?.acme { return verdict(found, asking: acme) }
        switch found {
        case .missing(let path):
            return .refused(
                "\(path) is missing",
                next: "put the PEM file there, or change \"tls\" in environments/\(name).json")
        case .unknown:
            return .warned("what it holds is not known without openssl", next: "apt-get install openssl")
        case .wrong(let why, let next, _): return .refused(why, next: next)
        case .good(let found): return verdict(on: found, renewal: "renew it")
        }
    }

    private func verdict(on found: Certificate, renewal: String) -> Verdict {
        let left = found.until.timeIntervalSince(site.ports.clock.now())
        let until = UTC.rfc3339(found.until)
        guard left >= Self.soon else {
            return .warned("the certificate of \(name) expires on \(until)", next: renewal)
        }
        guard !found.lacksChain else {
            return .warned(
                "the certificate of \(name) stands alone in its file: visitors who do not know \(Shown.text(found.issuer, limit: 200)) refuse it",
                next: "put the authority's chain behind it")
        }
        return .passed("until \(until)\(found.names.isEmpty ? "" : ", for \(found.shownNames)")")
    }

    /// What is not there or no good any more is asked for by the next deployment.
    private func verdict(_ found: CertificateFiles.Finding, asking acme: Environment.ACME) -> Verdict {
        do throws(DeployError) {
            guard site.ports.commands.has("openssl") else {
                return .refused(
                    "openssl is missing, needed to look at certificates", next: "apt-get install openssl")
            }
            let program = try CertificateAuthority.program(acme, site.ports.commands)
            if case .good(let certificate) = found {
                return verdict(on: certificate, renewal: "deployctl certificate renew \(name)")
            }
            try site.refuseHaste(byPerson: true)
            return .passed("asked for by the next deployment, with \(program.rawValue)")
        } catch {
            return .refused("\(error.what): \(error.why)", next: error.next)
        }
    }

    /// What a person who deploys should know; empty where all is well.
    ///
    /// - Throws: `.invalidDefinition` where the certificate could not be served, or nobody would believe it;
    ///   `.stepFailed` where an authority refused too often lately.
    func notices() throws(DeployError) -> [String] {
        if site.lacksCertificate { try site.refuseHaste(byPerson: true) }
        guard let verdict = finding?.verdict else { return [] }
        switch verdict.kind {
        case .refused:
            throw DeployError(
                .invalidDefinition, what: "The certificate of \(name) cannot be served",
                why: verdict.measured, next: verdict.next)
        case .warned: return ["\(verdict.measured); \(verdict.next)"]
        case .passed, .skipped: return []
        }
    }
}

extension Certificate {
    /// Its names in a bounded line.
    var shownNames: String { Shown.text(names.joined(separator: ", "), limit: 200) }
}

/// What `validate` says of the certificates of all environments.
public struct CertificateReport {
    private let workspace: Workspace
    private let environments: [Environment]

    public init(_ workspace: Workspace, _ environments: [Environment]) {
        (self.workspace, self.environments) = (workspace, environments)
    }

    /// Sentences on those that are not on this machine or end soon.
    ///
    /// - Throws: `.invalidDefinition` naming every one that is here and could not be served.
    public func warnings() throws(DeployError) -> [String] {
        var (wrong, warnings): ([Verdict], [String]) = ([], [])
        for environment in environments {
            let site = workspace.site(environment)
            guard let files = site.certificateFiles,
                let verdict = CertificateCheck(site: site).finding?.verdict
            else { continue }
            let isHere = [files.certificate, files.key].allSatisfy {
                workspace.ports.files.kind(of: $0) != nil
            }
            switch verdict.kind {
            case .refused where isHere: wrong.append(verdict)
            case .refused, .warned: warnings.append("\(environment.name): \(verdict.measured)")
            case .passed, .skipped: break
            }
        }
        guard let first = wrong.first else { return warnings }
        throw DeployError(
            .invalidDefinition, what: "A certificate cannot be served",
            why: wrong.map(\.measured).joined(separator: "\n"), next: first.next)
    }
}

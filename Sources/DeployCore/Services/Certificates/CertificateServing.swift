import FoundationEssentials

/// Has the running edge serve the certificate that lies there.
struct CertificateServing {
    let context: StepContext

    private var site: Site { context.site }

    /// The certificate that lies there, which can be served.
    ///
    /// - Throws: `.stepFailed` where it cannot.
    func present() throws(DeployError) -> Certificate {
        guard let files = site.certificateFiles else { throw wrong("the definition has no \"tls\"", nil) }
        switch files.look(for: site.environment.certificateNames) {
        case .good(let found): return found
        case .missing(let path): throw wrong("\(path) is missing", nil)
        case .unknown: throw wrong("openssl is missing", "apt-get install openssl")
        case .wrong(let why, let next, _): throw wrong(why, next)
        }
    }

    /// Whether visitors get another one than lies there now, as far as files say.
    var isBehind: Bool { Self.isBehind(at: site) }

    static func isBehind(at site: Site) -> Bool {
        Nginx.master(in: site.layout.edge, site.ports) != nil
            && (EdgeConfiguration(site: site).drift == .certificate || EdgeNames.isBehind(at: site))
    }

    /// Returns once no visitor gets another one any more; whether one did before.
    ///
    /// - Throws: `.stepFailed` where what lies there cannot be served; the edge goes on as it was.
    func takeUp() throws(DeployError) -> Bool {
        let found = try present()
        let edge = Edge(context: context)
        let ports = [site.environment.ports["https"], EdgeNames.present(site)?.https].compactMap(\.self)
        guard edge.running != nil, !ports.isEmpty else { return false }
        let was = isBehind
        if EdgeConfiguration(site: site).drift == .certificate {
            _ = try edge.open(EdgeConfiguration(site: site), until: site.environment.edgePorts)
        }
        if EdgeNames.isBehind(at: site) {
            _ = try site.undisturbed { () throws(DeployError) in try EdgeNames(context: context).take() }
        }
        for port in ports { try proveServed(found, at: port) }
        return was
    }

    /// Longer than an edge takes that begins with new workers.
    private static let patience = Duration.seconds(10)

    /// By a handshake, as visitors see it.
    private func proveServed(_ wanted: Certificate, at port: Int) throws(DeployError) {
        var seen: String?
        let served = try context.wait(upTo: Self.patience) { () throws(DeployError) in
            seen = serial(at: port)
            return seen == wanted.serial
        }
        guard !served else { return }
        throw DeployError(
            .stepFailed,
            what: "The edge of \(site.environment.name) does not serve the certificate that lies there",
            why:
                "a handshake shows \(seen.map { "serial \($0)" } ?? "none") instead of serial \(wanted.serial)",
            next: "deployctl doctor")
    }

    /// nil where no handshake comes about.
    private func serial(at port: Int) -> String? {
        let commands = site.ports.commands
        let host = site.environment.front.listen?.first ?? "127.0.0.1"
        let (_, printed) = commands.runPiped(
            CommandRequest(
                CertificateCommands.handshake(
                    with: host, port: port, as: site.environment.certificateNames.first),
                deadline: .seconds(5)),
            into: CommandRequest(CertificateCommands.lookAtInput, deadline: .seconds(5)))
        return Certificate(printed: printed.output)?.serial
    }

    private func wrong(_ why: String, _ next: String?) -> DeployError {
        DeployError(
            .stepFailed, what: "The certificate of \(site.environment.name) cannot be served", why: why,
            next: next ?? "deployctl doctor")
    }
}

extension Site {
    /// Whether an authority is to be asked again: a third of its life is left, or it is no good any more.
    var certificateIsDue: Bool {
        guard environment.tls?.acme != nil, let files = certificateFiles else { return false }
        switch files.look(for: environment.certificateNames) {
        case .good(let found): return ports.clock.now() >= found.renewal
        case .unknown: return false
        case .missing, .wrong: return true
        }
    }
}

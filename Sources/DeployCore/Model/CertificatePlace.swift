/// Where what the https port is served with lies, and where an authority finds what it asks for; nothing else says so.
public struct CertificatePlace: Hashable, Sendable {
    private let layout: Layout

    init(_ layout: Layout) { self.layout = layout }

    private var tls: Environment.TLS? { layout.environment.tls }

    /// Absolute path of the chain, PEM, its own certificate first; nil without TLS.
    ///
    /// With an authority it leads through a link that a renewal moves, and is not there before the first is obtained.
    public var certificate: String? { (tls?.certificate).map(layout.absolute) }
    /// Absolute path of its private key, PEM; nil without TLS.
    public var key: String? { (tls?.key).map(layout.absolute) }
    /// Absolute path of the folder below which what an authority asks for at `/.well-known/acme-challenge/` of the
    /// plain port is to be found; nil where none asks there.
    public var challenges: String? {
        guard let acme = tls?.acme, acme.zone == nil else { return nil }
        return webroot
    }

    /// The same, whoever asks.
    var webroot: String { "\(layout.edge)/challenges" }

    /// Accounts, certificates and keys of an authority, for nobody but deployctl's account.
    var folder: String { "\(layout.root)/certificate" }
    /// The link to what is served.
    var current: String { "\(folder)/\(Self.link)" }
    /// What became of asking.
    var attempts: String { "\(folder)/attempts.json" }

    private static let link = "current"
    static let certificateName = "fullchain.pem"
    static let keyName = "key.pem"

    /// The paths of an environment that asks an authority, relative to the project.
    static func obtained(for environment: String) -> (certificate: String, key: String) {
        let folder = ".deployctl/\(environment)/certificate/\(link)"
        return ("\(folder)/\(certificateName)", "\(folder)/\(keyName)")
    }
}

extension Layout {
    /// Of what the https port is served with.
    public var certificates: CertificatePlace { CertificatePlace(self) }
}

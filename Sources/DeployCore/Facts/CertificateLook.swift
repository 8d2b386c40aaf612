import FoundationEssentials

/// What lies at the https port's files at one moment.
public struct CertificateLook: Hashable, Sendable {
    /// nil where none is there or it cannot be read.
    public var certificate: Certificate?
    /// Why visitors refuse it or cannot be served with it, in words; nil where neither is so.
    public var problem: String?

    /// nil where the environment has no TLS, and where openssl is missing.
    init?(_ site: Site) {
        guard let files = site.certificateFiles else { return nil }
        switch files.look(for: site.environment.certificateNames) {
        case .good(let found): certificate = found
        case .wrong(let why, _, let found): (certificate, problem) = (found, why)
        case .missing(let path): problem = "\(path) is missing"
        case .unknown: return nil
        }
    }
}

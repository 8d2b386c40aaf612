import FoundationEssentials

/// What lies at the https port's files at one moment.
public struct CertificateLook: Hashable, Sendable {
    /// nil where none is there or it cannot be read.
    public var certificate: Certificate?
    /// Why visitors refuse it or cannot be served with it, in words; nil where neither is so.
    public var problem: String?
    /// What mends that; nil where nothing has to be mended.
    public var remedy: String?
    /// Why no authority gave the next one, in words; nil where none is due, and where none was asked in vain.
    public var refusal: String?

    /// nil where the environment has no TLS, and where openssl is missing.
    init?(_ site: Site) {
        guard let files = site.certificateFiles else { return nil }
        let renewal = "deployctl certificate renew \(site.environment.name)"
        let isAsked = site.environment.tls?.acme != nil
        switch files.look(for: site.environment.certificateNames) {
        case .good(let found): certificate = found
        case .wrong(let why, let next, let found):
            (certificate, problem) = (found, why)
            remedy = isAsked ? renewal : "\(next), then \(renewal)"
        case .missing(let path):
            problem = "\(path) is missing"
            remedy = isAsked ? renewal : "put the PEM file there, then \(renewal)"
        case .unknown: return nil
        }
        refusal = isAsked ? site.certificateAttempts.complaint : nil
    }
}

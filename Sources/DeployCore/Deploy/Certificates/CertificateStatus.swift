import FoundationEssentials

/// How the certificate of one environment stands.
public struct CertificateStatus: Sendable {
    /// The environment's name.
    public let environment: String
    /// nil where openssl is missing.
    public let look: CertificateLook?
    /// Absolute path of the PEM file that is served.
    public let file: String
    /// The address of the authority's directory; nil: somebody else puts the file there.
    public let directory: String?
    /// When an authority is asked again; nil where none is, and where none gave one yet.
    public let due: Date?
    /// Whether visitors get another one than lies there.
    public let isBehind: Bool
    /// Whether a keeper renews it in time.
    public let isKept: Bool
    /// What the authority said last, where it gave none, or why it could not be asked; nil otherwise.
    public let refusal: String?
    /// Before it nobody asks by itself; nil: as soon as it is due.
    public let pause: Date?

    /// nil where the environment has no TLS.
    public init?(_ workspace: Workspace, _ environment: Environment) {
        let site = workspace.site(environment)
        guard let files = site.certificateFiles else { return nil }
        self.environment = environment.name
        (look, file) = (CertificateLook(site), files.certificate)
        directory = environment.tls?.acme?.directory
        due = directory == nil ? nil : look?.certificate?.renewal
        isBehind = CertificateServing.isBehind(at: site)
        isKept = KeeperPresence(files: site.ports.files, project: workspace.project).holder != nil
        let attempts = site.certificateAttempts
        refusal = attempts.obstacle ?? (attempts.failures > 0 ? attempts.reason : nil)
        pause = attempts.pause(byPerson: false, at: site.ports.clock.now())
    }

    /// Whether nobody has to do anything about it.
    public var isWell: Bool {
        look?.problem == nil && look?.certificate != nil && !isBehind && refusal == nil
    }
}

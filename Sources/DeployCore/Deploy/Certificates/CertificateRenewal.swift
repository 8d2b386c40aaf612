import FoundationEssentials

/// Renews an environment's certificate where one is asked of an authority, and has the edge serve what lies there.
public struct CertificateRenewal: Sendable {
    private let deployer: Deployer
    private let name: String
    /// Whether an authority is asked though it need not be, or was lately in vain.
    private let insists: Bool

    public init(_ deployer: Deployer, of name: String, insists: Bool) {
        (self.deployer, self.name, self.insists) = (deployer, name, insists)
    }

    /// What became of it.
    public struct Outcome: Sendable {
        /// What lies there now.
        public let certificate: Certificate
        /// Whether an authority gave a new one.
        public let isNew: Bool
        /// Whether visitors got another one before.
        public let isTakenUp: Bool
        /// When an authority is asked next, RFC 3339; nil: by nobody here.
        public let due: String?
    }

    /// Returns once the next visitor is served with what lies there.
    ///
    /// - Throws: `.notFound` without TLS, `.stepFailed` where the authority refuses or what lies there cannot be served;
    ///   what serves goes on as it was.
    public func carryOut() throws(DeployError) -> Outcome {
        let environment = try deployer.deployedDefinitions.load(name)
        guard environment.tls != nil else {
            throw DeployError(
                .notFound, what: "\(name) has no certificate", why: "its definition has no \"tls\"",
                next: "add \"tls\" to environments/\(name).json, then run deployctl \(name)")
        }
        return try deployer.exclusively(in: name, for: "deployctl certificate renew") {
            () throws(DeployError) in
            try deployer.refuseUnfinished(environment)
            let audit = deployer.audit
            return try audit.around(audit.entry(.certificate, in: name)) { () throws(DeployError) in
                try renew(try deployer.collector.collect(environment).environment)
            }
        }
    }

    private func renew(_ environment: Environment) throws(DeployError) -> Outcome {
        let site = deployer.workspace.site(environment)
        let context = StepContext(servingCertificateOf: site, origin: deployer.origin)
        var isNew = false
        if let authority = CertificateAuthority(context), insists || site.certificateIsDue {
            if !insists { try site.refuseHaste(byPerson: true) }
            try obtain(from: authority, in: context)
            isNew = true
        }
        let serving = CertificateServing(context: context)
        let isTakenUp = try serving.takeUp()
        let found = try serving.present()
        return Outcome(
            certificate: found, isNew: isNew, isTakenUp: isTakenUp,
            due: environment.tls?.acme == nil ? nil : UTC.rfc3339(found.renewal))
    }
}

extension CertificateRenewal {
    /// An edge that was closed is closed again.
    private func obtain(from authority: CertificateAuthority, in context: StepContext) throws(DeployError) {
        let edge = Edge(context: context)
        let ran = edge.running != nil
        do throws(DeployError) {
            try edge.answerAuthority()
            _ = try authority.obtain()
        } catch {
            try? ran ? edge.stopAnswering() : edge.close()
            throw error
        }
        try ran ? edge.stopAnswering() : edge.close()
    }
}

extension StepContext {
    /// For what is done to a certificate outside of a run.
    init(servingCertificateOf site: Site, origin: Origin) {
        let plan = Plan(
            id: "certificate", timestamp: PlanNames.placeholder.deployment, kind: .start,
            environment: site.environment, release: site.records.current?.release, commit: nil,
            previousRelease: nil, steps: [], loss: nil)
        self.init(site.workspace, plan: plan, origin: origin)
    }
}

/// Asks an authority for the certificate that the https port is to be served with.
struct ObtainCertificate: StepWork {
    static let id = "obtain-certificate"
    /// Hosts it is to be good for.
    var names: [String]
    /// The address of the authority's directory.
    var directory: String
    /// Whether something served before; without it, taking this back closes the edge.
    var servedBefore: Bool

    var title: String { "Obtain a certificate for \(names.joined(separator: ", "))" }

    func programs(in layout: Layout) -> [ProgramCall] {
        (layout.certificates.challenges == nil ? [] : Edge.programs(in: layout))
            + CertificateAuthority.programs(in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        guard let authority = CertificateAuthority(context) else { return "nobody is asked for one" }
        guard context.site.lacksCertificate else { return "a valid one is there" }
        try Edge(context: context).answerAuthority()
        let certificate = try authority.obtain()
        return "until \(UTC.rfc3339(certificate.until)), from \(directory)"
    }

    func stands(in context: StepContext) -> Bool { !context.site.lacksCertificate }

    func undo(in context: StepContext) throws(DeployError) {
        try CertificateAuthority(context)?.putBack()
        let edge = Edge(context: context)
        if servedBefore { try edge.answerAsBefore() } else { try edge.close() }
    }
}

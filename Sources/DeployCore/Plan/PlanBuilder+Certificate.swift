extension PlanBuilder {
    /// Before anything else changes, so that an authority that refuses costs nothing.
    var obtainCertificate: [Step] {
        guard facts.lacksCertificate, let acme = environment.tls?.acme else { return [] }
        let obtain = ObtainCertificate(
            names: environment.certificateNames, directory: acme.directory,
            servedBefore: facts.serving != nil)
        return [.obtainCertificate(obtain)]
    }
}

extension Environment {
    /// What the https port is served with.
    struct TLS: Hashable, Codable, Sendable {
        /// Path of a PEM file, relative to the project; the chain included.
        var certificate: String
        /// Path of its private key, relative to the project.
        var key: String
        /// Whether plain HTTP answers with a redirect to HTTPS.
        var redirect: Bool = true
        // Optional, so that plans stored by an earlier version can be read.
        /// Who is asked for both; nil: somebody else puts them there.
        var acme: ACME?
        /// How long browsers come by https only, in seconds; nil: they are told nothing.
        var remembered: Int?
    }

    /// The authority that certificates are asked of, by the protocol of RFC 8555.
    struct ACME: Hashable, Codable, Sendable {
        /// Programs that speak it.
        enum Program: String, CaseIterable, Codable, Sendable { case certbot, lego }

        /// Whom the authority writes to.
        var email: String
        /// The address of its directory.
        var directory: String = Self.letsEncrypt
        /// Path of a PEM file, relative to the project: who vouches for the directory's own certificate; nil: whom
        /// the machine trusts.
        var authorities: String?
        /// A program and its arguments that sets and takes away a record of the name's zone; nil: the authority asks
        /// at the plain port.
        var zone: [String]?
        /// nil: certbot where it is installed, else lego.
        var program: Program?

        static let letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory"
    }

    /// The hosts its certificate has to be good for, the first of which names it; empty where the definition names none.
    var certificateNames: [String] {
        guard hosts.isEmpty else { return hosts }
        return url.flatMap(URLText.host).map { [$0] } ?? []
    }
}

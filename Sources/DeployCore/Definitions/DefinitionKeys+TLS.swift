extension DefinitionKeys {
    static let tls = [
        Key("certificate", .text(.path), "The certificate chain, PEM; required without acme."),
        Key("key", .text(.path), "The private key, PEM; required without acme."),
        Key(
            "acme", .object(acme),
            "The authority that the certificate for hosts, or for the host of url, is asked of and renewed by, with certbot or lego."
        ),
        Key("redirect", .flag, "Whether plain HTTP answers with a redirect to HTTPS; true unless set."),
        Key(
            "hsts", .text(.positiveDuration),
            "For how long browsers that came once come by HTTPS only; they are told nothing unless set."),
    ]

    private static let acme = [
        Key("email", .text(.email), "Whom the authority writes to.", required: true),
        Key(
            "directory", .text(.url),
            "The address of the authority's directory; Let's Encrypt's \(Environment.ACME.letsEncrypt) unless set."
        ),
        Key(
            "ca", .text(.path),
            "The PEM file of who vouches for the directory's own certificate; whom the machine trusts unless set."
        ),
        Key(
            "dns", .list(of: .text(.argument), least: 1),
            "A program that is called with present or cleanup, a record's name and its value, and returns when the record can"
                + " be seen; the authority asks at the http port unless set."),
        Key(
            "program", .choice(Environment.ACME.Program.allCases.map(\.rawValue), later: []),
            "The program that asks; certbot where it is installed, else lego, unless set."),
    ]
}

extension TextRule {
    /// Becomes an argument after an option.
    static let email = TextRule(
        expectation: "an address of mail such as \"ops@shop.example\"",
        pattern: "^[A-Za-z0-9._+][A-Za-z0-9._+-]*@[A-Za-z0-9][A-Za-z0-9.-]*$", example: "ops@shop.example"
    ) { text in
        let parts = text.split(at: "@", keepsEmpty: true)
        return parts.count == 2
            && parts.allSatisfy { part in
                part.utf8.first.map { $0 != UInt8(ascii: "-") } == true
                    && part.utf8.allSatisfy { isAlphanumeric($0) || "._+-".utf8.contains($0) }
            } && parts[1].utf8.first.map(isAlphanumeric) == true
            && !parts[1].holds("_") && !parts[1].holds("+")
    }
}

extension EnvironmentBuilder {
    func tls() -> Environment.TLS? {
        guard let value = tree["tls"] else { return nil }
        let acme = value["acme"].flatMap { acme in
            acme["email"]?.text.map { email in
                Environment.ACME(
                    email: email, directory: acme["directory"]?.text ?? Environment.ACME.letsEncrypt,
                    authorities: acme["ca"]?.text, zone: acme["dns"]?.texts,
                    program: acme["program"]?.text.flatMap(Environment.ACME.Program.init))
            }
        }
        let obtained = CertificatePlace.obtained(for: name)
        let isAsked = acme != nil
        guard let certificate = isAsked ? obtained.certificate : value["certificate"]?.text,
            let key = isAsked ? obtained.key : value["key"]?.text
        else { return nil }
        return Environment.TLS(
            certificate: certificate, key: key, redirect: value["redirect"]?.flag ?? true, acme: acme,
            remembered: (value["hsts"]?.text.flatMap(DurationText.parse)).map { Int($0.seconds) })
    }
}

/// What is asked of an authority, in the words of the program that asks.
struct CertificateOrder {
    let acme: Environment.ACME
    /// Hosts, the first of which names the certificate.
    let names: [String]
    let place: CertificatePlace
    let program: Environment.ACME.Program

    private var folder: String { "\(place.folder)/\(program.rawValue)" }
    private static let label = "served"

    /// Asks now, whatever is there already.
    var command: Command {
        switch program {
        case .certbot: Command("certbot", certbot)
        case .lego: Command("lego", lego)
        }
    }

    private var certbot: [String] {
        let folders = [
            "--config-dir", "\(folder)/config", "--work-dir", "\(folder)/work", "--logs-dir",
            "\(folder)/logs",
        ]
        let way =
            acme.zone == nil
            ? ["--webroot", "--webroot-path", place.webroot]
            : ["--manual", "--preferred-challenges", "dns"]
                + ["--manual-auth-hook", "\(ShellText.quoted(hook)) present"]
                + ["--manual-cleanup-hook", "\(ShellText.quoted(hook)) cleanup"]
        return [
            "certonly", "--non-interactive", "--agree-tos", "--no-eff-email", "--email", acme.email,
            "--server",
            acme.directory, "--cert-name", Self.label, "--key-type", "ecdsa", "--force-renewal",
            "--renew-with-new-domains",
        ] + folders + way + names.flatMap { ["--domain", $0] }
    }

    private var lego: [String] {
        let way =
            acme.zone == nil
            ? ["--http", "--http.webroot", place.webroot] : ["--dns", "exec", "--dns.disable-cp"]
        return ["--accept-tos", "--email", acme.email, "--server", acme.directory, "--path", folder]
            + names.flatMap { ["--domains", $0] } + way + ["run"]
    }

    /// What the program finds in its environment; `authorities`: absolute path of a PEM file.
    func variables(authorities: String?) -> [String: String] {
        var variables: [String: String] = [:]
        switch program {
        case .certbot: variables["REQUESTS_CA_BUNDLE"] = authorities
        case .lego:
            variables["LEGO_CA_CERTIFICATES"] = authorities
            if acme.zone != nil { variables["EXEC_PATH"] = hook }
        }
        return variables
    }

    /// Absolute paths of what the program leaves: the chain and its key.
    var results: (certificate: String, key: String) {
        switch program {
        case .certbot:
            let live = "\(folder)/config/live/\(Self.label)"
            return ("\(live)/fullchain.pem", "\(live)/privkey.pem")
        case .lego:
            let base = "\(folder)/certificates/\(names.first ?? "")"
            return ("\(base).crt", "\(base).key")
        }
    }

    /// Absolute path of the program that sets records, as both programs can call it.
    var hook: String { "\(place.folder)/record" }

    static let openingHook = "700"

    /// What stands in it: the definition's own program, called in the same way by both.
    func hookText(in project: String) -> String {
        let words = (acme.zone ?? []).map(ShellText.quoted).joined(separator: " ")
        return """
            #!/bin/sh
            cd \(ShellText.quoted(project)) || exit 1
            if [ -n "$CERTBOT_DOMAIN" ]; then
                exec \(words) "$1" "_acme-challenge.${CERTBOT_DOMAIN#\\*.}." "$CERTBOT_VALIDATION"
            fi
            exec \(words) "$@"

            """
    }

    /// What the authority said, of all that the program printed; the program's own last words where it said nothing.
    static func reason(_ result: CommandResult) -> String {
        let lines = (result.output + "\n" + result.errors).lines.map(\.trimmed)
        var said: [Substring] = []
        for line in lines {
            let part =
                ["Domain:", "Type:", "Detail:", "Hint:"].contains(where: line.begins) ? line : nil
            let error = line.range(ofBytes: "urn:ietf:params:acme:error:") == nil ? nil : line
            guard let found = part ?? error, !found.holds("badNonce"), !said.contains(found) else { continue }
            said.append(found)
        }
        let hint = said.filter { !$0.begins(with: "Hint:") }
        guard hint.isEmpty else { return hint.prefix(20).joined(separator: "\n") }
        let told = result.errors.lines.filter { line in !chatter.contains { line.trimmed.begins(with: $0) } }
        return CommandResult(result.ending, output: result.output, errors: told.joined(separator: "\n"))
            .explanation
    }

    /// What certbot says whatever went wrong.
    private static let chatter = [
        "Saving debug log to", "An unexpected error occurred:", "Ask for help or search", "or re-run Certbot",
    ]

    /// Whether the authority answered at all.
    private static func isAnswer(_ reason: String) -> Bool {
        reason.holds("acme:error:") || reason.holds("Type:")
    }

    /// What programs say of an address that they do not reach.
    private static let silences = [
        "onnection refused", "unreachable", "timed out", "timeout", "no such host", "not known",
        "Failed to resolve", "Temporary failure in name resolution", "before its deadline",
    ]

    /// Whether it broke off where an authority wanted a fresh nonce; certbot 2.1 with this error of its own.
    static func lostANonce(_ result: CommandResult) -> Bool {
        let said = "\(result.output)\n\(result.errors)"
        return said.holds("badNonce") || said.holds("AttributeError: can't set attribute")
    }

    /// What to do about it.
    static func remedy(_ reason: String, for names: [String], in environment: String) -> String {
        if !isAnswer(reason), silences.contains(where: reason.holds) {
            return "see that this machine reaches the authority, then run the same command again"
        }
        let kinds: [(String, String)] = [
            (
                "rateLimited",
                "wait as long as the authority says; try with \"directory\" of its staging service meanwhile"
            ),
            ("caa", "let a CAA record of the name allow this authority"),
            ("rejectedIdentifier", "ask for a name that this authority vouches for"),
            ("unauthorized", "see that each name leads to this machine and to no other server before it"),
            (
                "connection",
                "see that each name leads to this machine, and that its http port is reached from outside"
            ),
            ("dns", "see that each name has an address: \(names.joined(separator: ", "))"),
            ("CERTIFICATE_VERIFY_FAILED", "name who vouches for the directory: \"ca\" in \"tls.acme\""),
            (
                "x509: certificate signed by unknown",
                "name who vouches for the directory: \"ca\" in \"tls.acme\""
            ),
        ]
        return kinds.first { reason.holds($0.0) }?.1
            ?? "mend the cause, then run deployctl certificate renew \(environment)"
    }
}

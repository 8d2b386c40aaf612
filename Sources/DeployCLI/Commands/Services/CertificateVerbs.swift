import DeployCore
import FoundationEssentials

extension Verb {
    static let certificateRenew = Verb(
        "certificate renew", .operate, operands: [.environment],
        summary: "Renew the certificate, and serve what lies there",
        paragraph: """
            Asks the authority of "tls.acme" for a new certificate where a third of the old one's life is left, and has \
            the edge serve what lies there; no request is lost. Says so once a handshake shows it.
            """,
        examples: [
            "deployctl certificate renew production", "deployctl certificate renew production --force",
        ],
        flags: [
            .environment,
            Flag("force", "Ask also where it is not due yet, and though the authority refused lately"),
        ],
        exits: [.invalidDefinition, .locked, .stepFailed, .notFound, .unfinishedRun],
        body: .inProject(CertificateCommands.renew))

    static let certificateStatus = Verb(
        "certificate status", .operate, operands: [.environment.optional],
        summary: "Show certificates, and when each is renewed",
        paragraph: """
            Says until when and for which hosts each certificate is good, who renews it and when, and what the \
            authority said last; exit code 19 where somebody has to look after one.
            """,
        examples: ["deployctl certificate status", "deployctl certificate status production --json"],
        flags: [.environment], exits: [.invalidDefinition, .notFound, .unhealthy],
        body: .inProject(CertificateCommands.status))
}

/// `certificate`: what the https port is served with.
struct CertificateCommands: ProjectCommand {
    let context: CommandContext

    struct Renewal: Encodable, Sendable {
        let environment: String
        let serial: String
        let names: [String]
        let until: Date
        /// Whether an authority gave it just now.
        let new: Bool
        /// Whether visitors got another one before.
        let takenUp: Bool
        /// When an authority is asked next; null: by nobody here.
        @OrNull var due: String?
    }

    func renew() throws(DeployError) -> ExitCode {
        let name = context.invocation.environment ?? ""
        let outcome = try CertificateRenewal(
            context.deployer, of: name, insists: context.invocation.has("force")
        ).carryOut()
        let found = outcome.certificate
        let answer = Renewal(
            environment: name, serial: found.serial, names: found.names, until: found.until,
            new: outcome.isNew, takenUp: outcome.isTakenUp, due: outcome.due)
        try context.answer(answer) {
            let what =
                outcome.isNew
                ? "Renewed" : outcome.isTakenUp ? "Served from now on" : "Served already"
            let due = outcome.due.map { "; due on \($0)" } ?? ""
            return "\(what): serial \(found.serial), until \(UTC.rfc3339(found.until))\(due)\n"
        }
        return .done
    }

    struct Standing: Encodable, Sendable {
        let environment: String
        let file: String
        @OrNull var directory: String?
        @OrNull var certificate: CertificateAnswer?
        @OrNull var due: Date?
        /// Whether visitors get another one than lies there.
        let behind: Bool
        /// Whether a keeper renews it and takes up what is replaced.
        let kept: Bool
        @OrNull var refusal: String?
        @OrNull var pause: Date?

        init(_ status: CertificateStatus) {
            (environment, file, directory) = (status.environment, status.file, status.directory)
            certificate = status.look.map(CertificateAnswer.init)
            (due, behind, kept) = (status.due, status.isBehind, status.isKept)
            (refusal, pause) = (status.refusal, status.pause)
        }
    }

    struct Answer: Encodable, Sendable {
        let environments: [Standing]
    }

    func status() throws(DeployError) -> ExitCode {
        let all = try context.environments().compactMap {
            CertificateStatus(context.workspace, $0)
        }
        let answer = Answer(environments: all.map(Standing.init))
        try context.answer(answer) {
            answer.environments.isEmpty
                ? "No environment has a certificate.\n"
                : answer.environments.map(block).joined(separator: "\n")
        }
        return all.allSatisfy(\.isWell) ? .done : .unhealthy
    }

    private func block(_ one: Standing) -> String {
        var table = TextTable(indent: "  ")
        let now = context.ports.clock.now()
        if let line = one.certificate?.line(at: now) { table.add("good", line) }
        table.add("file", one.file)
        if let problem = one.certificate?.problem { table.add("problem", problem) }
        if let remedy = one.certificate?.remedy { table.add("next", context.typed(remedy)) }
        if one.behind {
            table.add("problem", "visitors get another one: deployctl certificate renew \(one.environment)")
        }
        if let refusal = one.refusal {
            table.add("refused", refusal)
            if let pause = one.pause { table.add("", "asked again after \(UTC.rfc3339(pause))") }
        }
        if let due = one.due {
            let who = one.kept ? "the keeper" : "nobody by itself; next: deployctl boot install"
            table.add("renewal", "\(UTC.rfc3339(due)), by \(who)")
        } else if one.directory == nil {
            table.add(
                "renewal",
                one.kept
                    ? "by whoever puts the file there; the keeper takes it up"
                    : "by whoever puts the file there, then deployctl certificate renew \(one.environment)")
        }
        return ([context.style.bold(one.environment)] + table.lines(width: context.style.width)).map {
            $0 + "\n"
        }
        .joined()
    }
}

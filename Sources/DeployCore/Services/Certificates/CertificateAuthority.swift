import FoundationEssentials

/// Asks an authority for a certificate, and puts it where the edge reads it.
struct CertificateAuthority {
    let context: StepContext
    let acme: Environment.ACME

    /// nil where the environment asks none.
    init?(_ context: StepContext) {
        guard let acme = context.environment.tls?.acme else { return nil }
        (self.context, self.acme) = (context, acme)
    }

    private var site: Site { context.site }
    private var place: CertificatePlace { context.layout.certificates }
    private var files: any FileStore { context.ports.files }
    private var names: [String] { context.environment.certificateNames }

    /// Longer than authorities take, names and all.
    private static let patience = Duration.seconds(300)

    /// What looking at what is there and `obtain` start, for one program or the other.
    static func programs(in layout: Layout) -> [ProgramCall] {
        guard let acme = layout.environment.tls?.acme else { return [] }
        let wanted = acme.program.map { [$0] } ?? Environment.ACME.Program.allCases
        let orders = wanted.map {
            CertificateOrder(
                acme: acme, names: layout.environment.certificateNames, place: layout.certificates,
                program: $0)
        }
        guard let first = orders.first, let certificate = layout.certificates.certificate,
            let key = layout.certificates.key
        else { return [] }
        let present = CertificateCommands.all(certificate, key).calls
        let hook =
            acme.zone == nil ? [] : [Command("chmod", [CertificateOrder.openingHook, first.hook])].calls
        let results = orders.map { CertificateCommands.all($0.results.certificate, $0.results.key) }
        let looks = results[0].indices.map { number in
            ProgramCall(results[0][number], or: results.dropFirst().map { $0[number] })
        }
        return present.when("one is there") + hook
            + [ProgramCall(first.command, or: orders.dropFirst().map(\.command))] + looks
    }

    /// The program that asks here.
    ///
    /// - Throws: `.invalidDefinition` where neither is installed.
    static func program(_ acme: Environment.ACME, _ commands: any CommandRunner) throws(DeployError)
        -> Environment.ACME.Program
    {
        let wanted = acme.program.map { [$0] } ?? Environment.ACME.Program.allCases
        if let found = wanted.first(where: { commands.has($0.rawValue) }) { return found }
        throw DeployError(
            .invalidDefinition, what: "Nothing here can ask for a certificate",
            why: "\(wanted.map(\.rawValue).joined(separator: " or ")) is not installed",
            next: "apt-get install \(wanted[0].rawValue)")
    }

    /// Asks, looks at what came, and lets it be served from now on; nothing changes where anything fails.
    ///
    /// - Throws: `.stepFailed` with the authority's own words.
    func obtain() throws(DeployError) -> Certificate {
        let order: CertificateOrder
        do throws(DeployError) { order = try prepared() } catch {
            // Otherwise nobody would see that none is asked for.
            try? site.rememberObstacle("\(error.what): \(error.why); \(error.next)")
            throw error
        }
        let request = CommandRequest(
            order.command, in: context.layout.project,
            environment: order.variables(authorities: acme.authorities.map(context.layout.absolute)),
            deadline: Self.patience, diesWithParent: true)
        var result = context.ports.commands.run(request)
        for _ in 0..<Self.againstNonces where !result.succeeded && CertificateOrder.lostANonce(result) {
            result = context.ports.commands.run(request)
        }
        guard result.succeeded else {
            try context.checkInterruption()
            throw try failure(CertificateOrder.reason(result))
        }
        return try keep(order)
    }

    /// What is asked, once all that it takes is there.
    ///
    /// - Throws: `.invalidDefinition` where no program can ask, or somebody else may change one that takes part.
    private func prepared() throws(DeployError) -> CertificateOrder {
        let program = try Self.program(acme, context.ports.commands)
        let order = CertificateOrder(acme: acme, names: names, place: place, program: program)
        for path in [acme.zone?.first, acme.authorities].compactMap(\.self) where path.holds("/") {
            try files.refuseStranger(on: context.layout.absolute(path))
        }
        try files.makeFolder(place.folder)
        try openWebroot()
        if acme.zone != nil {
            try files.publish(Data(order.hookText(in: context.layout.project).utf8), to: order.hook)
            try context.run(
                CommandRequest(Command("chmod", [CertificateOrder.openingHook, order.hook])),
                because: "The program that sets records cannot be prepared")
        }
        return order
    }

    /// How often a program is run again that broke off over a nonce; authorities refuse some at any time.
    private static let againstNonces = 3

    private func failure(_ reason: String) throws(DeployError) -> DeployError {
        var attempts = site.certificateAttempts
        attempts.failed(reason, at: context.ports.clock.now())
        try site.remember(attempts)
        return DeployError(
            .stepFailed, what: "No certificate for \(names.joined(separator: ", ")) was obtained",
            why: reason,
            next: CertificateOrder.remedy(reason, for: names, in: context.environment.name))
    }

    private func keep(_ order: CertificateOrder) throws(DeployError) -> Certificate {
        let (certificate, key) = order.results
        switch CertificateFiles(site: site, certificate: certificate, key: key).look(for: names) {
        case .good(let found):
            let folder = "\(place.folder)/\(found.serial)"
            try files.makeFolder(folder)
            for (source, name) in [
                (certificate, CertificatePlace.certificateName), (key, CertificatePlace.keyName),
            ] {
                guard let data = try files.read(source) else { continue }
                try files.publish(data, to: "\(folder)/\(name)")
            }
            try rememberCurrent()
            try files.pointLink(place.current, to: found.serial)
            try site.remember(CertificateAttempts())
            try tidy(keeping: found.serial)
            return found
        case .wrong(let why, _, _): throw try failure("what came cannot be served: \(why)")
        case .missing(let path): throw try failure("\(order.program.rawValue) left no \(path)")
        case .unknown: throw try failure("what came cannot be looked at without openssl")
        }
    }

    /// Workers of nginx read what the program writes there, which is no secret.
    private func openWebroot() throws(DeployError) {
        guard let webroot = place.challenges else { return }
        let folder = "\(webroot)/.well-known/acme-challenge"
        try files.makeFolder(folder)
        try AccountFolders(site: site).open(pages: webroot)
    }

    private var before: String { "\(place.folder)/before-\(context.plan.timestamp)" }

    private func rememberCurrent() throws(DeployError) {
        guard let serial = files.linkTarget(place.current), files.linkTarget(before) == nil else { return }
        try files.pointLink(before, to: serial)
    }

    /// Puts back what was served before this run; the first of all stays, so that nobody asks for it twice.
    func putBack() throws(DeployError) {
        guard let serial = files.linkTarget(before) else { return }
        if files.kind(of: "\(place.folder)/\(serial)") == .folder {
            try files.pointLink(place.current, to: serial)
        }
        try files.remove(before)
    }

    /// What no link leads to is not kept, but for the one before.
    private func tidy(keeping serial: String) throws(DeployError) {
        let links = files.names(in: place.folder).filter { $0.begins(with: "before-") }
        for link in links where "\(place.folder)/\(link)" != before {
            try files.remove("\(place.folder)/\(link)")
        }
        let kept = [serial, files.linkTarget(before)]
        for name in files.names(in: place.folder)
        where name.utf8.allSatisfy(\.isHexadecimal) && !kept.contains(name) {
            try files.remove("\(place.folder)/\(name)")
        }
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool { isDigit || (0x41...0x46).contains(self) }
}

extension Site {
    /// Whether an authority is to be asked before the environment can be served as its definition says.
    var lacksCertificate: Bool {
        guard environment.tls?.acme != nil, let files = certificateFiles else { return false }
        if case .good = files.look(for: environment.certificateNames) { return false }
        return true
    }
}

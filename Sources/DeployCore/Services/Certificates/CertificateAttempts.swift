import FoundationEssentials

/// How often an authority was asked in vain since it last gave a certificate, so that it is not asked in a loop.
struct CertificateAttempts: Hashable, Codable, Sendable {
    var failures = 0
    /// RFC 3339; nil where it did not fail.
    var last: String?
    /// What was said last; empty where it did not fail.
    var reason = ""
    /// Why it could not even be asked when that was tried last; nil where it could.
    var obstacle: String?

    private static let hour = 3600.0
    /// So many may follow one another as a person wishes: what they mend shows at once.
    private static let free = 3

    private var failed: Date? { last.flatMap(UTC.date(rfc3339:)) }

    /// Before it nobody who does not insist asks again; nil: now.
    ///
    /// A failure that lies ahead was written while the clock was, and keeps nobody waiting.
    func pause(byPerson: Bool, at now: Date) -> Date? {
        guard failures > 0, let failed, failed <= now else { return nil }
        if byPerson { return failures < Self.free ? nil : failed.addingTimeInterval(Self.hour) }
        let hours = Double(1 << min(failures - 1, 5))
        return failed.addingTimeInterval(min(hours, 24) * Self.hour)
    }

    mutating func failed(_ reason: String, at now: Date) {
        (failures, last, self.reason, obstacle) = (failures + 1, UTC.rfc3339(now), reason, nil)
    }

    /// Why none comes, as words after "no new one: "; nil where nothing is known to be in its way.
    var complaint: String? {
        let asked = failures == 1 ? "once" : "\(failures) times"
        return obstacle
            ?? (failures > 0 ? "it was asked \(asked) in vain, last on \(last ?? ""): \(reason)" : nil)
    }
}

extension Site {
    /// Of its certificate; empty where none was asked for.
    var certificateAttempts: CertificateAttempts {
        guard let data = try? ports.files.read(layout.certificates.attempts),
            let attempts = try? JSONDecoder().decode(CertificateAttempts.self, from: data)
        else { return CertificateAttempts() }
        return attempts
    }

    func remember(_ attempts: CertificateAttempts) throws(DeployError) {
        try ports.files.publish(JSON.data(attempts), to: layout.certificates.attempts)
    }

    func rememberObstacle(_ why: String) throws(DeployError) {
        var attempts = certificateAttempts
        attempts.obstacle = why
        try ports.files.makeFolder(layout.certificates.folder)
        try remember(attempts)
    }

    /// - Throws: `.stepFailed` where the authority refused so often that it is better left alone for a while.
    func refuseHaste(byPerson: Bool) throws(DeployError) {
        let attempts = certificateAttempts
        let now = ports.clock.now()
        guard let pause = attempts.pause(byPerson: byPerson, at: now), pause > now else { return }
        throw DeployError(
            .stepFailed, what: "No certificate is asked for before \(UTC.rfc3339(pause))",
            why:
                "it was asked \(attempts.failures) times in vain, last at \(attempts.last ?? ""):\n\(attempts.reason)",
            next: "deployctl certificate renew \(environment.name) --force, once the cause is mended")
    }
}

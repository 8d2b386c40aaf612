import DeployCore
import FoundationEssentials

/// A certificate in answers for programs.
struct CertificateAnswer: Encodable, Sendable {
    @OrNull var serial: String?
    @OrNull var issuer: String?
    @OrNull var from: Date?
    @OrNull var until: Date?
    let names: [String]
    /// Why visitors refuse it or cannot be served with it; null where neither is so.
    @OrNull var problem: String?
    /// What mends that; null where nothing has to be mended.
    @OrNull var remedy: String?
    /// Why no authority gave the next one; null where none was asked in vain.
    @OrNull var refusal: String?

    init(_ look: CertificateLook) {
        let found = look.certificate
        (serial, issuer, names) = (found?.serial, found?.issuer, found?.names ?? [])
        (from, until, problem) = (found?.from, found?.until, look.problem)
        (remedy, refusal) = (look.remedy, look.refusal)
    }

    /// How long it is good, and for whom; nil where none can be read.
    func line(at now: Date) -> String? {
        guard let until else { return nil }
        let left = until.timeIntervalSince(now)
        let when =
            left < 0
            ? "expired on \(UTC.rfc3339(until))" : "until \(UTC.rfc3339(until)), \(Int(left / 86_400)) days"
        return when + (names.isEmpty ? "" : ", for \(InertText.line(names.joined(separator: ", ")))")
    }
}

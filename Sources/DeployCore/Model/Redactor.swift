/// Takes secret values out of text that came from other programs, whatever stands beside them.
struct Redactor: Sendable {
    /// Every form a secret may be printed in, by its first byte.
    private let forms: [UInt8: [[UInt8]]]
    private static let mark = Array("[redacted]".utf8)

    /// Values of less than four bytes are left alone: they would blank ordinary words.
    init(_ secrets: some Sequence<String>) {
        let values = secrets.flatMap { [$0] + $0.lines.map(String.init) }.filter { $0.utf8.count >= 4 }
        let all = Set(values.flatMap(SecretForms.all))
        forms = Dictionary(grouping: all, by: { $0[0] })
    }

    /// The text with every secret replaced; two that overlap are replaced as one.
    func scrub(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var kept: [UInt8] = []
        // Up to where all is kept or replaced, and where the secret under way ends.
        var (done, end) = (0, 0)
        for place in bytes.indices {
            let length =
                forms[bytes[place]]?.filter { bytes[place...].starts(with: $0) }.map(\.count).max() ?? 0
            guard length > 0 else { continue }
            if place >= end {
                kept += bytes[done..<place] + Self.mark
                done = place
            }
            end = max(end, place + length)
            done = end
        }
        return done == 0 ? text : String(decoding: kept + bytes[done...], as: UTF8.self)
    }

    /// The failure with every secret replaced.
    func scrub(_ error: DeployError) -> DeployError {
        DeployError(error.code, what: scrub(error.what), why: scrub(error.why), next: scrub(error.next))
            .leaving(error.aftermath)
    }
}

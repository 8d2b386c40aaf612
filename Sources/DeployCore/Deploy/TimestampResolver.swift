import FoundationEssentials

/// Finds what a person means by a timestamp: fourteen digits, a unique prefix, RFC 3339, or `previous`.
public enum TimestampResolver {
    /// The one among `candidates`, newest first, that `text` names; `what` is the noun for messages.
    ///
    /// - Throws: `.notFound` when nothing or more than one thing fits; the message lists candidates.
    public static func resolve(
        _ text: String, among candidates: [Timestamp], what: String, next: String
    ) throws(DeployError) -> Timestamp {
        var digits = text
        if let date = UTC.date(rfc3339: text) { digits = Timestamp(date).description }
        let wellFormed = (4...14).contains(digits.count) && digits.utf8.allSatisfy { (48...57).contains($0) }
        let found = wellFormed ? candidates.filter { $0.description.begins(with: digits) } : []
        if let exact = found.first(where: { $0.description == digits }) { return exact }
        guard found.count <= 1 else {
            throw DeployError(
                .notFound, what: "'\(text)' is ambiguous", why: "it fits \(list(found))",
                next: next.isEmpty ? "type more digits" : "type more digits of one; look with \(next)")
        }
        guard let only = found.first else {
            let known = candidates.isEmpty ? "there is none yet" : "known are \(list(candidates))"
            throw DeployError(.notFound, what: "No \(what) '\(text)'", why: known, next: next)
        }
        return only
    }

    /// The recorded release that `text` names.
    ///
    /// - Throws: `.notFound` when none or more than one fits.
    static func release(_ text: String, in state: any StateStore) throws(DeployError) -> Release {
        let known = try state.releases()
        let found = try resolve(
            text, among: known.map(\.timestamp), what: "release", next: "deployctl history")
        guard let release = known.first(where: { $0.timestamp == found }) else {
            throw DeployError(
                .notFound, what: "No release \(found)", why: "it is not recorded", next: "deployctl history")
        }
        return release
    }

    private static func list(_ timestamps: [Timestamp]) -> String {
        let shown = timestamps.prefix(12).map(\.description).joined(separator: ", ")
        return timestamps.count > 12 ? "\(shown) and \(timestamps.count - 12) more" : shown
    }
}

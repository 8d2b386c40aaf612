import DeployCore
import FoundationEssentials

/// An old release that finishes what it holds, in `status --json`.
struct DrainingAnswer: Encodable, Sendable {
    let release: Timestamp
    let connections: Int
    /// When those that are still open then are cut.
    let until: Date

    init(_ look: DrainingLook) {
        (release, connections, until) = (look.release, look.connections, look.until)
    }

    var line: String {
        let open = connections == 1 ? "1 connection" : "\(connections) connections"
        return "release \(release), \(open) open, cut at \(UTC.rfc3339(until))"
    }
}

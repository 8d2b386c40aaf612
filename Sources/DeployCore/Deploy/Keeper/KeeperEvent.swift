/// Something the keeper saw or did, for its log.
public enum KeeperEvent: Hashable, Sendable {
    /// `what`: a service's name, `the front`, `the edge` or `the lobby`.
    case ended(environment: String, what: String, how: String?)
    case started(environment: String, what: String, as: String)
    /// Another certificate is served now; `until`: RFC 3339.
    case certificate(environment: String, until: String)
    case failed(environment: String, what: String, why: String)
    /// An old release ended after its run; `cut`: how many connections it still held at the end of its time.
    case drained(environment: String, release: Timestamp, cut: Int)
    /// What keeps it from looking after something that is not served.
    case troubled(environment: String, why: String)

    /// `how`: what a schedule did, as the end of a sentence.
    case scheduled(environment: String, what: String, how: String)

    /// What was given up, as it lay, of a log that grows faster than it can be packed.
    case flooded(environment: String, log: String, lines: Int, bytes: Int64)

    /// Lines of a log were given up, or taken away by somebody, before they were handed on.
    case missed(environment: String, log: String)

    /// One line for people.
    public var sentence: String {
        switch self {
        case .ended(let environment, let what, let how):
            "\(environment): \(what) ended\(how.map { " \($0)" } ?? "")"
        case .started(let environment, let what, let body): "\(environment): \(what) runs again as \(body)"
        case .scheduled(let environment, let what, let how): "\(environment): schedule \(what) \(how)"
        case .certificate(let environment, let until):
            "\(environment): a certificate that is good until \(until) is served"
        case .drained(let environment, let release, let cut):
            "\(environment): release \(release) ended, "
                + (cut == 0 ? "drained" : "\(cut) connection\(cut == 1 ? " was" : "s were") cut")
        case .flooded(let environment, let log, let lines, let bytes):
            "\(environment): \(log) grows faster than it can be packed; its oldest \(lines) lines, \(bytes / 1_000_000) MB, were given up for logs.within"
        case .missed(let environment, let log):
            "\(environment): lines of \(log) were gone before they were handed on"
        case .troubled(let environment, let why): "\(environment): \(Shown.text(why, limit: 400))"
        case .failed(let environment, let what, let why):
            "\(environment): \(what) cannot be started: \(Shown.text(why, limit: 400))"
        }
    }
}

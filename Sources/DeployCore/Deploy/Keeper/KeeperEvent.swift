/// Something the keeper saw or did, for its log.
public enum KeeperEvent: Hashable, Sendable {
    /// `what`: a service's name, `the front` or `the edge`.
    case ended(environment: String, what: String, how: String?)
    case started(environment: String, what: String, as: String)
    /// Another certificate is served now; `until`: RFC 3339.
    case certificate(environment: String, until: String)
    case failed(environment: String, what: String, why: String)

    /// One line for people.
    public var sentence: String {
        switch self {
        case .ended(let environment, let what, let how):
            "\(environment): \(what) ended\(how.map { " \($0)" } ?? "")"
        case .started(let environment, let what, let body): "\(environment): \(what) runs again as \(body)"
        case .certificate(let environment, let until):
            "\(environment): a certificate that is good until \(until) is served"
        case .failed(let environment, let what, let why):
            "\(environment): \(what) cannot be started: \(Shown.text(why, limit: 400))"
        }
    }
}

/// What a probe says beside its question, as real traffic does: the host of `url`, and what the edge tells services.
struct VisitorHeaders {
    let environment: Environment

    /// By name; the service's own last, which count.
    func headers(for service: Service?) -> [String: String] {
        var headers: [String: String] = [:]
        if environment.url != nil || environment.tls != nil {
            headers["X-Real-IP"] = "127.0.0.1"
            headers["X-Forwarded-For"] = "127.0.0.1"
            headers["X-Forwarded-Proto"] = scheme
        }
        if let host {
            headers["Host"] = host
            headers["X-Forwarded-Host"] = host
        }
        for (name, value) in service?.health?.headers ?? [:] {
            for other in headers.keys where other.lowered == name.lowered { headers[other] = nil }
            headers[name] = value
        }
        return headers
    }

    private var scheme: String {
        guard let url = environment.url else { return environment.tls == nil ? "http" : "https" }
        return url.begins(with: "https:") ? "https" : "http"
    }

    /// With its port where `url` names one.
    private var host: String? {
        guard let url = environment.url, let rest = url.range(ofBytes: "://").map({ url[$0.upperBound...] })
        else { return nil }
        let end = rest.utf8.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
        return String(rest[..<end])
    }
}

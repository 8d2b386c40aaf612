/// Who asked, how and for which host, as the edge tells the application.
///
/// What a visitor claims in these headers is never passed on; what a trusted proxy in front says is.
struct ForwardedHeaders {
    /// Addresses and networks of those proxies.
    let trusted: [String]
    /// The end of the names of its variables, where several stand in one file.
    var mark = ""

    /// What is told, per request; the variables are those of `known`.
    ///
    /// `scheme`: what the visitor spoke, where that is known; nil: as `known` finds it.
    static func lines(scheme: String? = nil, mark: String = "") -> [String] {
        [
            "proxy_set_header X-Real-IP $visitor\(mark);",
            "proxy_set_header X-Forwarded-For $told_for\(mark);",
            "proxy_set_header X-Forwarded-Proto \(scheme ?? "$told_proto\(mark)");",
            "proxy_set_header X-Forwarded-Host $told_host\(mark);",
            "proxy_set_header \(requestHeader) $told_id\(mark);",
        ] + others.map { "proxy_set_header \($0) \"\";" }
    }

    /// In a server of the edge: a visitor can say which request it was.
    static let answered = ["add_header \(requestHeader) $told_id always;"]

    /// For all servers of the edge's file: what a service answers in its place is the same id, or not the one that is logged.
    static let hidden = ["proxy_hide_header \(requestHeader);"]

    private static let requestHeader = "X-Request-Id"

    /// Further headers in which somebody may claim the same; they are taken away.
    static let others = [
        "Forwarded", "X-Forwarded-Port", "X-Forwarded-Ssl", "X-Forwarded-Scheme", "X-Forwarded-Server",
        "X-Forwarded-Prefix", "Front-End-Https", "True-Client-IP", "X-Client-IP",
    ]

    /// What is known of a request: `$remote_addr` becomes the visitor's address behind trusted proxies.
    var known: [String] { visitor + told }

    /// Whose word counts; for all servers, or for one.
    var visitor: [String] {
        trusted.isEmpty
            ? []
            : trusted.map { "set_real_ip_from \($0);" }
                + ["real_ip_header X-Forwarded-For;", "real_ip_recursive on;"]
    }

    /// What `lines` mean; for all servers.
    var told: [String] {
        let proxies = trusted.map { "\($0) 1;" }.joined(separator: " ")
        let trusted = "$trusted\(mark)"
        return [
            "geo $realip_remote_addr \(trusted) { default 0; \(proxies) }",
            "map $remote_addr $visitor\(mark) { default $remote_addr; unix: 127.0.0.1; }",
            "map \"\(trusted)$http_x_request_id\" $told_id\(mark) { default $request_id; \"~^1[A-Za-z0-9._-]+$\" $http_x_request_id; }",
            "map \"\(trusted)$http_x_forwarded_for\" $told_for\(mark) { default $visitor\(mark); ~^1. \"$http_x_forwarded_for, $realip_remote_addr\"; }",
            "map \"\(trusted)$http_x_forwarded_proto\" $told_proto\(mark) { default $scheme; 1https https; 1http http; }",
            "map \"\(trusted)$http_x_forwarded_host\" $told_host\(mark) { default $http_host; ~^1. $http_x_forwarded_host; }",
        ]
    }
}

/// The place of the plain port at which an authority finds what it asks for: before redirects, passwords and limits.
struct ChallengeLocation {
    /// Absolute path of the folder the programs write below.
    let webroot: String
    let environment: Environment

    static let path = "/.well-known/acme-challenge/"

    /// For the server of the plain port; what else it does stands in locations of its own.
    var lines: [String] {
        let front = environment.front
        return ["location ^~ \(NginxText.quoted(Self.path)) {"]
            + ([
                "root \(NginxText.quoted(webroot));", "default_type text/plain;",
                "disable_symlinks on \(NginxText.quoted("from=\(webroot)"));",
            ] + (front.password == nil ? [] : ["auth_basic off;"])
            + (front.rate == nil ? [] : ["limit_req_dry_run on;"])).map { "    \($0)" } + ["}"]
    }
}

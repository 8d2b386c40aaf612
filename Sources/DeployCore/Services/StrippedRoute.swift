/// A route of which the path is taken away before a service sees the address.
///
/// What follows is passed on byte by byte as the visitor wrote it. An address that only means the route's path, as
/// `//api` or `/x/../api` do, has nothing that could be taken away, and is 404.
struct StrippedRoute {
    let route: Service.Route
    /// Told apart from those of other routes.
    let number: Int

    /// What follows the path in the address, query included; empty where the address does not begin with the path.
    var rest: String { "$below_\(number)" }

    /// For all servers.
    var known: String {
        let path = NginxText.pattern(route.prefix)
        return #"map $request_uri \#(rest) { default ""; "~^\#(path)(?:\?|$)" "/$is_args$args"; "#
            + #""~^\#(path)(?<rest_\#(number)>/.*)$" $rest_\#(number); }"#
    }

    /// The addresses it has.
    var places: [(path: String, isWhole: Bool)] {
        let below = (path: "\(route.prefix)/", isWhole: false)
        return route.path.ends(with: "/") ? [below] : [(path: route.prefix, isWhole: true), below]
    }

    var lines: [String] {
        [
            "if (\(rest) = \"\") { return 404; }",
            "proxy_set_header X-Forwarded-Prefix \(NginxText.quoted(route.prefix));",
        ]
    }
}

extension Service.Route {
    /// The path without a slash at its end; empty for `/`.
    var prefix: String { path.before("/").map(String.init) ?? path }

    /// Whether a service gets addresses without the path; of `/` there is nothing to take away.
    var isStripped: Bool { strip == true && !prefix.isEmpty }

    /// The public address of what `service` calls `path`; nil where the route does not lead there.
    func address(of path: String, in service: String) -> String? {
        guard target == .service(service) else { return nil }
        if isStripped { return prefix + path }
        return path.begins(with: self.path) ? path : nil
    }

    /// Whether an address is below its path.
    func has(_ address: String) -> Bool {
        guard isStripped else { return address.begins(with: path) }
        return address.begins(with: prefix + "/") || ByteText(address) == ByteText(path)
    }
}

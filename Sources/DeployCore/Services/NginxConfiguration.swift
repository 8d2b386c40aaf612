/// nginx files for the edge, for a release's front and for holding writes; pure text.
///
/// The edge holds the public ports and is not reloaded by a deployment: nginx resolves the path of
/// a unix socket at every connect, so moving the link `run/current` moves the traffic.
struct NginxConfiguration: Sendable {
    let layout: Layout
    /// What workers run as where deployctl runs as root; nil: as root too.
    var account: Account?
    /// Absolute path of the folder with what an authority asks for; nil: as the definition says.
    var challenges: String?

    private var environment: Environment { layout.environment }

    /// Stands before the digest of the certificate that is served.
    static let certificateMark = "# certificate"

    /// App services reachable from outside, by their own public port.
    var publicServices: [(service: Service, port: Int)] {
        environment.services.compactMap { service in
            guard service.role == .app, let port = environment.ports[service.name] else { return nil }
            return (service, port)
        }
    }

    /// The edge's file: public ports, headers, and the way to the current instance.
    ///
    /// `certificate`: the digest of what lies at `tls.certificate`, so that a renewed one is another configuration.
    func edge(certificate: String? = nil, runningAsRoot: Bool) -> String {
        var servers: [String] = []
        let front = proxy(
            to: "\(layout.currentInstance)/front.sock", headers: ForwardedHeaders.lines() + gate.withheld)
        let open = errorPages.lines(from: layout.currentInstance)
        let guarded = headerLines + gate.lines + open + [ClosingConnections.handover]
        // The first certificate is asked for while nothing but the plain port is open.
        let isReady = environment.tls?.acme == nil || certificate != nil
        let redirect = environment.tls?.redirect == true && isReady
        if let port = environment.ports["http"] {
            let answers = (challenges ?? layout.certificates.challenges).map {
                ChallengeLocation(webroot: $0, environment: environment).lines
            }
            let elsewhere = answers == nil ? redirection : location("/", redirection)
            servers.append(
                server(
                    listen: gate.places(of: port), (answers ?? []) + (redirect ? elsewhere : guarded + front))
            )
        }
        if isReady, let port = environment.ports["https"], let tls = environment.tls {
            let lines =
                [certificate.map { "\(Self.certificateMark) \($0)" }].compactMap(\.self) + [
                    "ssl_protocols TLSv1.2 TLSv1.3;",
                    "ssl_certificate \(NginxText.quoted(layout.absolute(tls.certificate)));",
                    "ssl_certificate_key \(NginxText.quoted(layout.absolute(tls.key)));",
                ]
                + (tls.remembered.map { ["add_header Strict-Transport-Security \"max-age=\($0)\" always;"] }
                    ?? [])
            let places = gate.places(of: port).map { "\($0) ssl http2" }
            servers.append(server(listen: places, lines + guarded + front))
        }
        for (service, port) in publicServices {
            let target = proxy(
                to: "\(layout.currentInstance)/\(service.name).sock",
                headers: ForwardedHeaders.lines() + gate.withheld)
            servers.append(
                server(
                    listen: isolated ? ["127.0.0.1:\(port)"] : gate.places(of: port), guarded + target))
        }
        if environment.isAskedInside { servers.append(insideDoor(showing: open)) }
        return file(
            folder: layout.edge, runningAsRoot: runningAsRoot,
            ForwardedHeaders(trusted: environment.front.trust ?? []).known + gate.counted + takenIn,
            servers)
    }

    /// Where deployctl asks what people ask at the first port, without being asked for a password or counted.
    private func insideDoor(showing pages: [String]) -> String {
        let first = environment.ports["http"] ?? environment.ports["https"]
        let name = first == nil ? publicServices.first?.service.name ?? "front" : "front"
        let scheme = environment.tls == nil ? "http" : "https"
        return server(
            listen: ["unix:\(layout.insideDoor)"],
            headerLines + pages + [ClosingConnections.handover]
                + proxy(
                    to: "\(layout.currentInstance)/\(name).sock",
                    headers: ForwardedHeaders.lines(scheme: scheme) + gate.withheld))
    }

    private var gate: FrontGate { FrontGate(environment: environment, passwords: layout.edgePasswords) }
    private var errorPages: ErrorPages { ErrorPages(environment) }

    /// A port on every address is reached from the other environment's containers through their gateway.
    private var isolated: Bool { environment.serviceRuntime.isolates }

    /// `addresses`: where each app service of this instance listens, as nginx writes it.
    func front(
        _ instance: String, serving statics: StaticPlaces, addresses: [String: String], runningAsRoot: Bool
    ) -> String {
        let folder = layout.instance(instance)
        let identity = ["add_header \(CurlCommands.instanceHeader) \(NginxText.quoted(instance)) always;"]
        var servers = [
            server(
                listen: ["unix:\(folder)/front.sock", "unix:\(folder)/inner.sock"],
                identity + errorPages.lines(from: folder) + routes(serving: statics, addresses: addresses))
        ]
        for (service, _) in publicServices {
            guard let address = addresses[service.name] else { continue }
            servers.append(
                server(
                    listen: [
                        "unix:\(folder)/\(service.name).sock", "unix:\(folder)/inner-\(service.name).sock",
                    ],
                    identity + errorPages.lines(from: folder)
                        + location("/", proxyLines(address, headers: passed))))
        }
        let pages = environment.front.fallback == nil ? [] : [FallbackPage.shared]
        return file(folder: folder, runningAsRoot: runningAsRoot, passedOn + pages, servers)
    }

    /// Passes reads on to `instance` and answers writes with 503 and `Retry-After`.
    func holding(_ hold: String, instance: String, runningAsRoot: Bool) -> String {
        let folder = layout.instance(hold)
        let target = layout.instance(instance)
        let refuse = [
            "error_page 503 @held;",
            "location @held {", "    add_header Retry-After 1 always;", "    default_type application/json;",
            "    return 503 '{\"error\":\"writes are held while the database is being switched\"}';", "}",
        ]
        func held(_ name: String, _ inner: String) -> String {
            server(
                listen: ["unix:\(folder)/\(name)"],
                refuse
                    + location(
                        "/",
                        ["if ($writes) { return 503; }"]
                            + proxyLines("unix:\(target)/\(inner)", headers: passed)))
        }
        let servers =
            [held("front.sock", "inner.sock")]
            + publicServices.map { held("\($0.service.name).sock", "inner-\($0.service.name).sock") }
        return file(folder: folder, runningAsRoot: runningAsRoot, passedOn, servers)
    }

    private func routes(serving statics: StaticPlaces, addresses: [String: String]) -> [String] {
        guard let edge = environment.services.first(where: { $0.role == .edge }) else {
            guard let only = environment.services.first(where: { $0.role == .app && $0.listen != .none }),
                let address = addresses[only.name]
            else { return ["return 404;"] }
            return location("/", proxyLines(address, headers: passed))
        }
        let routed = edge.routes.enumerated().flatMap { number, route -> [String] in
            switch route.target {
            case .service(let name):
                guard let address = addresses[name] else { return [] }
                return location(route.path, proxyLines(address, headers: passed))
            case .folder(let folder):
                let page = environment.front.fallback.flatMap { statics.page($0, in: folder) }
                    .map { FallbackPage(page: $0, root: statics.release, number: number) }
                return statics.places(for: route, folder: folder)
                    .filter { isFree($0.address, of: route, in: edge) }
                    .flatMap { place in
                        redirection(to: place, of: route)
                            + location(place, fallback: place.root == statics.release ? page : nil)
                    } + (page?.location ?? [])
            }
        }
        // What no route has, nginx would look for in a folder of its own.
        let rest = "location \(NginxText.quoted("/")) {"
        return routed + (routed.contains { $0 == rest } ? [] : location("/", ["return 404;"]))
    }

    /// Whether no other route has the address; the longer route has what lies below both.
    private func isFree(_ address: String, of route: Service.Route, in edge: Service) -> Bool {
        edge.routes.allSatisfy { other in
            let folder = other.path.ends(with: "/") ? other.path : other.path + "/"
            return other.path == route.path
                || other.path.utf8.count < route.path.utf8.count || !address.begins(with: folder)
                || address == "/"
        }
    }

    /// nginx compares a location with the beginning of an address, so a folder's ends in a slash.
    private func redirection(to place: StaticPlace, of route: Service.Route) -> [String] {
        guard place.isFolder, place.address != route.path else { return [] }
        let address = String(decoding: place.address.utf8.dropLast(), as: UTF8.self)
        let names = place.address.split(at: "/", keepsEmpty: true).map { URLText.escaped(String($0)) }
        return location(
            address, exactly: true, ["return 301 \"\(names.joined(separator: "/"))$is_args$args\";"])
    }

    /// What nginx serves from the disk: no link is followed, and what begins with a dot is not there.
    private func location(_ place: StaticPlace, fallback: FallbackPage?) -> [String] {
        let dots = #"(?s)^\#(NginxText.pattern(place.address))(?:.*/)?\.(?!well-known(?:/|$))"#
        return location(
            place.address, exactly: !place.isFolder,
            [
                "alias \(NginxText.quoted(place.path + (place.isFolder ? "/" : "")));", "index index.html;",
                "disable_symlinks on \(NginxText.quoted("from=\(place.root)"));",
            ] + (environment.front.dotFiles ? [] : ["if ($uri ~ \"\(dots)\") { return 404; }"])
                + (place.isFolder ? fallback?.lines(beside: errorPages) ?? [] : []))
    }
}

extension NginxConfiguration {
    private var headerLines: [String] {
        environment.headers.sorted { $0.key < $1.key }.map {
            "add_header \($0.key) \(NginxText.quoted($0.value)) always;"
        }
            + (environment.front.noindex == true
                ? ["add_header X-Robots-Tag \"noindex, nofollow\" always;"] : [])
    }

    private var redirection: [String] {
        let port = environment.ports["https"] ?? 443
        return headerLines + ["return 308 https://$host\(port == 443 ? "" : ":\(port)")$request_uri;"]
    }

    private var passed: [String] { [] }

    private func proxy(to socket: String, headers: [String]) -> [String] {
        let lines = proxyLines("unix:\(socket)", headers: headers)
        let closing = ClosingConnections(flag: layout.edgeClosing)
        return location("/", [closing.question] + lines) + closing.location(lines)
    }

    private func proxyLines(_ address: String, headers: [String]) -> [String] {
        let target = address.begins(with: "unix:") ? "http://\(address):" : "http://\(address)"
        return [
            "proxy_pass \(NginxText.quoted(target));", "proxy_http_version 1.1;",
            "proxy_set_header Host $http_host;",
            "proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $connection_upgrade;",
            "proxy_read_timeout 300s;",
        ] + headers
    }

    private func location(_ path: String, exactly: Bool = false, _ lines: [String]) -> [String] {
        ["location \(exactly ? "= " : "")\(NginxText.quoted(path)) {"] + lines.map { "    \($0)" } + ["}"]
    }

    private func server(listen places: [String], _ lines: [String]) -> String {
        let listens = places.map { "    listen \(listenQuoted($0));" }
        return (["server {"] + listens + lines.map { "    \($0)" } + ["}"]).joined(separator: "\n")
    }

    private func listenQuoted(_ text: String) -> String {
        text.begins(with: "unix:") ? NginxText.quoted(text) : text
    }

    private var worker: String {
        account.map { "\(NginxText.quoted($0.name)) \(NginxText.quoted($0.groupName))" } ?? "root"
    }

    /// A body has been taken in as a whole by the edge, and does not lie on the disk twice.
    private var passedOn: [String] { ["proxy_request_buffering off;"] }

    /// How much of the disk bodies may take: so many large ones, and what of the others exceeds the buffer.
    ///
    /// An answer to a body that is still on its way costs the client its connection, so by default each body is
    /// taken in first. Answers come from the front as they are wanted.
    private var takenIn: [String] {
        let answers = "proxy_max_temp_file_size 0;"
        guard environment.front.buffering else { return [answers, "proxy_request_buffering off;"] }
        return [
            answers,
            #"map "$http_transfer_encoding:$http_content_length" $upload { default ""; "~^:[0-9]{7,}$" 1; "~^[^:]" 1; }"#,
            "limit_conn_zone $upload zone=uploads:64k;", "limit_conn uploads \(environment.front.uploads);",
            "limit_conn_status 503;",
        ]
    }

    private var packed: [String] {
        guard environment.front.gzip == true else { return [] }
        return [
            "gzip on;", "gzip_vary on;", "gzip_proxied any;", "gzip_min_length 1000;",
            "gzip_types text/plain text/css text/javascript application/javascript application/json application/xml"
                + " application/manifest+json image/svg+xml text/xml application/wasm;",
        ]
    }

    private func file(folder: String, runningAsRoot: Bool, _ bodies: [String], _ servers: [String]) -> String
    {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(NginxText.quoted("\(folder)/temp-\($0)"));"
        }
        let http =
            [
                "access_log off;", "server_tokens off;", "log_not_found off;",
                "absolute_redirect off;", "client_max_body_size \(environment.front.body);",
                "client_body_buffer_size 64k;", "large_client_header_buffers 4 32k;",
                // An answer is passed on as it comes: events arrive one by one, and headers may be as large as a cookie jar.
                "proxy_buffering off;", "proxy_buffer_size 32k;", "proxy_buffers 4 32k;",
                "proxy_busy_buffers_size 64k;", "keepalive_requests 1000000;",
                "include /etc/nginx/mime.types;", "default_type application/octet-stream;",
                "map $http_upgrade $connection_upgrade { default upgrade; '' ''; }",
                "map $request_method $writes { default 1; GET 0; HEAD 0; OPTIONS 0; }",
            ] + packed + bodies + temporary
        let head =
            (runningAsRoot ? ["user \(worker);"] : []) + [
                "worker_processes 1;", "pid \(NginxText.quoted("\(folder)/nginx.pid"));",
                "error_log \(NginxText.quoted("\(folder)/error.log")) \(environment.front.log.rawValue);",
                "worker_shutdown_timeout 60s;",
                "events { worker_connections 4096; }",
            ]
        return (head + ["http {"] + http.map { "    \($0)" } + servers + ["}"]).joined(separator: "\n") + "\n"
    }
}

/// Command lines for nginx; data only.
enum NginxCommands {
    /// Asks nginx whether it takes the file.
    static func test(_ configuration: String) -> Command {
        Command("nginx", ["-t", "-q", "-c", configuration])
    }
    /// Starts a master with the file.
    static func start(_ configuration: String) -> Command {
        Command("nginx", ["-c", configuration])
    }
}

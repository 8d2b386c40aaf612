/// nginx files for the edge, for a release's front and for holding writes; pure text.
///
/// The edge holds the public ports and is not reloaded by a deployment: nginx resolves the path of
/// a unix socket at every connect, so moving the link `run/current` moves the traffic.
struct NginxConfiguration: Sendable {
    let layout: Layout
    /// What workers run as where deployctl runs as root; nil: as root too.
    var account: Account?
    /// Where the lobby asks; nil: it does not.
    var doors: LobbyDoors?
    /// Absolute path of the folder with what an authority asks for; nil: as the definition says.
    var challenges: String?
    /// Absolute path of the socket at which the lobby asks for the same and nothing else; nil: it does not.
    var askedDoor: String?

    var environment: Environment { layout.environment }

    var errorPages: ErrorPages { ErrorPages(environment) }

    /// Stands before the digest of the certificate that is served.
    static let certificateMark = "# certificate"

    /// App services reachable from outside, by their own public port.
    var publicServices: [(name: String, port: Int)] {
        environment.definedServices.compactMap { service, _ in
            guard service.role == .app, let port = environment.ports[service.definedName] else { return nil }
            return (service.definedName, port)
        }
    }

    /// What asks the application, or the next nginx on the way to it.
    ///
    /// `as`: what it is asked for, in a variable; empty: what was asked for here.
    func proxyLines(_ address: String, as uri: String = "", headers: [String] = []) -> [String] {
        let target = (address.begins(with: "unix:") ? "http://\(address):" : "http://\(address)") + uri
        return [
            "proxy_pass \(NginxText.quoted(target));", "proxy_http_version 1.1;",
            "proxy_set_header Host $http_host;",
            "proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $connection_upgrade;",
            "proxy_read_timeout 300s;",
        ] + headers
    }

    func location(_ path: String, exactly: Bool = false, _ lines: [String]) -> [String] {
        ["location \(exactly ? "= " : "")\(NginxText.quoted(path)) {"] + lines.map { "    \($0)" } + ["}"]
    }

    func server(listen places: [String], _ lines: [String]) -> String {
        let listens = places.map { "    listen \(listenQuoted($0));" }
        return (["server {"] + listens + lines.map { "    \($0)" } + ["}"]).joined(separator: "\n")
    }

    private func listenQuoted(_ text: String) -> String {
        text.begins(with: "unix:") ? NginxText.quoted(text) : text
    }

    private var worker: String {
        account.map { "\(NginxText.quoted($0.name)) \(NginxText.quoted($0.groupName))" } ?? "root"
    }

    private var packed: [String] {
        guard environment.front.gzip == true else { return [] }
        return [
            "gzip on;", "gzip_vary on;", "gzip_proxied any;", "gzip_min_length 1000;",
            "gzip_types text/plain text/css text/javascript application/javascript application/json application/xml"
                + " application/manifest+json image/svg+xml text/xml application/wasm;",
        ]
    }

    /// `room`: what has to stand before everything else for all servers.
    func file(
        folder: String, runningAsRoot: Bool, room: [String] = [], _ bodies: [String], _ servers: [String]
    ) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(NginxText.quoted("\(folder)/temp-\($0)"));"
        }
        let http =
            room + [
                "server_tokens off;", "log_not_found off;",
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

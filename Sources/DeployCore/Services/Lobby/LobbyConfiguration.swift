/// The nginx file of a lobby: each name leads to its environment's edge, and no other name leads anywhere; pure text.
struct LobbyConfiguration {
    let place: LobbyPlace
    /// What workers run as where deployctl runs as root; nil: as root too.
    let worker: Account?
    let runsAsRoot: Bool
    /// Without faults.
    let tenants: [Tenant]

    /// What the text begins with; the digest of all that follows comes after it.
    private static let mark = "# generation "

    var text: String {
        let generation = String(SHA256.hexadecimal(of: body("")).prefix(12))
        return "\(Self.mark)\(generation)\n\(body(generation))"
    }

    /// The generation of a text; nil where it is none of these.
    static func generation(of text: String) -> String? {
        text.lines.first?.after(mark).map(String.init).flatMap { $0.holdsOnly("0123456789abcdef") ? $0 : nil }
    }

    private func body(_ generation: String) -> String {
        let tenants = tenants.sorted { $0.id < $1.id }
        let http =
            [
                "access_log off;", "server_tokens off;", "log_not_found off;",
                // Bodies are judged, taken in and counted by each edge.
                "client_max_body_size 0;", "proxy_request_buffering off;", "proxy_buffering off;",
                "proxy_http_version 1.1;", "proxy_read_timeout 310s;", "proxy_send_timeout 310s;",
                "proxy_buffer_size 32k;", "proxy_buffers 4 32k;", "proxy_busy_buffers_size 64k;",
                "large_client_header_buffers 4 32k;", "keepalive_requests 1000000;",
                "server_names_hash_bucket_size 512;", "server_names_hash_max_size 4096;",
                "ssl_protocols TLSv1.2 TLSv1.3;", "ssl_session_cache shared:lobby:10m;",
                "default_type application/octet-stream;",
                "map $http_upgrade $connection_upgrade { default upgrade; '' ''; }",
                // A request that names two hosts would be routed by one and answered for the other.
                #"map "$host|$http_host" $astray { default 1; "~*^([^|]+)\|\1\.?(:[0-9]+)?$" 0; }"#,
            ] + temporary
        let servers = nobody + tenants.flatMap { self.servers(of: $0, generation) }
        let head =
            (runsAsRoot
                ? [
                    "user \(worker.map { "\(NginxText.quoted($0.name)) \(NginxText.quoted($0.groupName))" } ?? "root");"
                ]
                : []) + [
                "worker_processes auto;", "worker_rlimit_nofile 16384;",
                "pid \(NginxText.quoted("\(place.folder)/nginx.pid"));",
                "error_log \(NginxText.quoted("\(place.folder)/error.log")) crit;",
                // What is held open for long ends with its own environment, not with another's change.
                "worker_shutdown_timeout 1h;", "events { worker_connections 8192; }",
            ]
        return (head + ["http {"] + (http + servers).map { "    \($0)" } + ["}"]).joined(separator: "\n")
            + "\n"
    }

    private var temporary: [String] {
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(NginxText.quoted("\(place.folder)/temp-\($0)"));"
        }
    }

    /// Who asks for no name of these gets nothing, and no handshake.
    private var nobody: [String] {
        let plain = tenants.flatMap { places(of: $0, $0.http) }
        let secure = tenants.filter { $0.certificate != nil }.flatMap { places(of: $0, $0.https) }
        return server(unique(plain).map { "\($0) default_server" }, ["server_name _;", "return 444;"])
            + (secure.isEmpty
                ? []
                : server(
                    unique(secure).map { "\($0) ssl http2 default_server" },
                    ["server_name _;", "ssl_reject_handshake on;", "return 444;"]))
    }

    private func servers(of tenant: Tenant, _ generation: String) -> [String] {
        let forwarded = ForwardedHeaders(trusted: tenant.trust, mark: "_\(tenant.id)")
        let doors = place.doors(of: tenant.id)
        let names = "server_name \(tenant.hosts.map(NginxText.quoted).joined(separator: " "));"
        let common = [names, "if ($astray) { return 421; }"] + forwarded.visitor
        guard tenant.isAsked != true else {
            let asked = ["proxy_pass \(NginxText.quoted("http://unix:\(doors.plain):"));"]
            return server(
                places(of: tenant, tenant.http),
                common + block("location ^~ \(NginxText.quoted(ChallengeLocation.path))", asked)
                    + block("location /", ["return 444;"]))
        }
        let plain = server(
            places(of: tenant, tenant.http), common + way(to: doors.plain, tenant, generation))
        guard let certificate = tenant.certificate else { return forwarded.told + plain }
        let hosts = tenant.hosts.map(NginxText.pattern).joined(separator: "|")
        let greeted = "$greeted_\(tenant.id)"
        let secure = server(
            places(of: tenant, tenant.https).map { "\($0) ssl http2" },
            common + [
                "if (\(greeted) = 0) { return 421; }",
                "\(NginxConfiguration.certificateMark) \(certificate.digest)",
                "ssl_certificate \(NginxText.quoted(certificate.path));",
                "ssl_certificate_key \(NginxText.quoted(certificate.key));",
            ] + way(to: doors.secure, tenant, generation))
        return forwarded.told + ["map $ssl_server_name \(greeted) { default 0; \"~*^(\(hosts))$\" 1; }"]
            + plain
            + secure
    }

    /// To a door; while the lobby is about to be reloaded, the answer is the connection's last.
    private func way(to door: String, _ tenant: Tenant, _ generation: String) -> [String] {
        let pass =
            [
                "proxy_pass \(NginxText.quoted("http://unix:\(door):"));",
                "proxy_set_header Host $http_host;",
                "proxy_set_header Upgrade $http_upgrade;",
                "proxy_set_header Connection $connection_upgrade;",
            ] + ForwardedHeaders.lines(mark: "_\(tenant.id)")
        let flag = NginxText.quoted(place.closing(generation))
        return ["error_page 418 = @last;"]
            + block("location /", ["if (-e \(flag)) { return 418; }"] + pass)
            + block("location @last", ["keepalive_timeout 0;"] + pass)
    }

    /// Where one listens, as nginx writes it: its own addresses, and of every address also the ones others name,
    /// because nginx knows only those names at an address that are bound to it.
    private func places(of tenant: Tenant, _ port: Int) -> [String] {
        let all = tenants.flatMap(\.listen)
        let others = all.filter { address in
            AddressText.isSix(address)
                ? tenant.listen.contains { $0 == "::" } : tenant.listen.contains { $0 == "0.0.0.0" }
        }
        return unique(
            (tenant.listen + others).map { AddressText.isSix($0) ? "[\($0)]:\(port)" : "\($0):\(port)" })
    }

    private func unique(_ places: [String]) -> [String] { Set(places).sorted() }

    private func server(_ places: [String], _ lines: [String]) -> [String] {
        places.isEmpty ? [] : block("server", places.map { "listen \($0);" } + lines)
    }

    private func block(_ head: String, _ lines: [String]) -> [String] {
        ["\(head) {"] + lines.map { "    \($0)" } + ["}"]
    }
}

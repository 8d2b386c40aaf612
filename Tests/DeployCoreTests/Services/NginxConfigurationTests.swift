import XCTest

@testable import DeployCore

final class NginxConfigurationTests: XCTestCase {
    /// Two services, one with a public port of its own, behind TLS with a redirect.
    private var environment: Environment {
        var environment = Environment(name: "production", project: "shop")
        environment.ports = ["http": 80, "https": 8443, "api": 9000]
        environment.tls = .init(certificate: "tls/cert.pem", key: "/etc/key.pem")
        environment.headers = ["X-B": "say \"hi\" \\", "X-A": "1"]
        environment.services = [
            Service(name: "web", role: .app), Service(name: "api", role: .app),
            Service(
                name: "edge", role: .edge,
                routes: [
                    .init(path: "/", target: .folder("public")),
                    .init(path: "/static", target: .folder("files")),
                    .init(path: "/app", target: .service("web")),
                    .init(path: "/none", target: .service("missing")),
                ]),
        ]
        return environment
    }

    private func configuration(_ project: String = "/srv/shop") -> NginxConfiguration {
        NginxConfiguration(layout: Layout(project: project, environment: environment))
    }

    private var release: Timestamp {
        get throws { try XCTUnwrap(Timestamp(digits: "20261121021530")) }
    }

    private var statics: StaticPlaces {
        StaticPlaces(release: "/srv/r", sealed: Manifest(entries: []), shared: [:], database: nil)
    }

    /// The servers alone: what differs from file to file.
    private func servers(_ text: String) -> String {
        guard let start = text.firstRange(of: "server {") else { return "" }
        return String(text[start.lowerBound...])
    }

    private func proxy(_ target: String, forwarded: Bool) -> String {
        var lines = [
            "proxy_pass \"http://\(target)\";", "proxy_http_version 1.1;",
            "proxy_set_header Host $http_host;",
            "proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $connection_upgrade;",
            "proxy_read_timeout 300s;",
        ]
        if forwarded {
            lines += [
                "proxy_set_header X-Real-IP $visitor;",
                "proxy_set_header X-Forwarded-For $told_for;",
                "proxy_set_header X-Forwarded-Proto $told_proto;",
                "proxy_set_header X-Forwarded-Host $told_host;",
                "proxy_set_header X-Request-Id $told_id;",
            ]
            lines += ForwardedHeaders.others.map { "proxy_set_header \($0) \"\";" }
        }
        return lines.map { "        \($0)" }.joined(separator: "\n")
    }

    private let entry = "        if ($closed) { return 597; }"

    /// What visitors get through the edge, also on connections that end with their answer, and where the front that was asked
    /// on a kept connection has been left.
    private func passed(_ target: String) -> String {
        """
        \(proxy("\(target)$kept_way", forwarded: true))
        \(entry)
                if (-f "/srv/shop/.deployctl/production/edge/closing") { return 599; }
            }
            location @closing {
                keepalive_timeout 0;
        \(proxy(target, forwarded: true))
        \(entry)
            }
            location @again {
        \(proxy(target, forwarded: true))
        \(entry)
        """
    }

    func testTheEdgeRedirectsServesTLSAndThePublicService() {
        let headers = "    add_header X-A \"1\" always;\n    add_header X-B \"say \\\"hi\\\" \\\\\" always;"
        let added = [
            "add_header X-A \"1\" always;", "add_header X-B \"say \\\"hi\\\" \\\\\" always;",
            "add_header X-Request-Id $told_id always;",
        ]
        let page = MaintenancePage(place: MaintenancePlace(layout: configuration().layout)).lines(added)
            .map { "    \($0)" }.joined(separator: "\n")
        XCTAssertEqual(
            servers(configuration().edge(runningAsRoot: false)),
            """
            server {
                listen 80;
            \(headers)
                return 308 https://$host:8443$request_uri;
            }
            server {
                listen 8443 ssl http2;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_certificate "/srv/shop/tls/cert.pem";
                ssl_certificate_key "/etc/key.pem";
            \(headers)
                add_header X-Request-Id $told_id always;
                add_header Retry-After $retry_later always;
            \(page)
                error_page 599 = @closing;
                location "/" {
            \(passed("current.front"))
                }
            }
            server {
                listen 9000;
            \(headers)
                add_header X-Request-Id $told_id always;
                add_header Retry-After $retry_later always;
            \(page)
                error_page 599 = @closing;
                location "/" {
            \(passed("current.api"))
                }
            }
            }

            """)
    }

    /// What is asked on a connection that the edge kept, once the front has been left.
    private let left = """
            error_page 598 = @departed;
            if (-f $departure) { return 598; }
            location @departed {
                keepalive_timeout 0;
                add_header X-Accel-Redirect @again always;
                return 204;
            }
        """

    func testTheFrontSaysWhichInstanceItIsAndRoutes() throws {
        let folder = "/srv/shop/.deployctl/production/run/7"
        XCTAssertEqual(
            servers(
                try configuration().front(
                    "7", of: release, serving: statics,
                    addresses: ["web": "127.0.0.1:3000", "api": "unix:/a.sock"],
                    runningAsRoot: false)),
            """
            server {
                listen "unix:\(folder)/front.sock";
                listen "unix:\(folder)/inner.sock";
                listen "unix:\(folder)/kept.sock";
                add_header X-Deployctl-Deployment "7" always;
                add_header X-Deployctl-Service $served always;
                add_header X-Deployctl-Release 20261121021530 always;
                add_header Retry-After $retry_later always;
            \(left)
                location "/" {
                    set $served "edge";
                    alias "/srv/r/public/";
                    index index.html;
                    disable_symlinks on "from=/srv/r";
                    if ($uri ~ "(?s)^/(?:.*/)?\\.(?!well-known(?:/|$))") { return 404; }
                }
                location = "/static" {
                    return 301 "/static/$is_args$args";
                }
                location "/static/" {
                    set $served "edge";
                    alias "/srv/r/files/";
                    index index.html;
                    disable_symlinks on "from=/srv/r";
                    if ($uri ~ "(?s)^/static/(?:.*/)?\\.(?!well-known(?:/|$))") { return 404; }
                }
                location "/app" {
                    set $served "web";
            \(proxy("service.web", forwarded: false))
                }
            }
            server {
                listen "unix:\(folder)/api.sock";
                listen "unix:\(folder)/inner-api.sock";
                listen "unix:\(folder)/kept-api.sock";
                add_header X-Deployctl-Deployment "7" always;
                add_header X-Deployctl-Service $served always;
                add_header X-Deployctl-Release 20261121021530 always;
                add_header Retry-After $retry_later always;
            \(left)
                location "/" {
                    set $served "api";
            \(proxy("service.api", forwarded: false))
                }
            }
            }

            """)
    }

    func testAHoldRefusesWritesAtEveryPublicSocketAndPassesReadsOn() {
        let text = configuration().holding("8-hold", instance: "7", runningAsRoot: false)
        for name in ["front.sock", "api.sock", "kept.sock", "kept-api.sock"] {
            XCTAssertTrue(text.contains("/run/8-hold/\(name)\";"), name)
        }
        for name in ["inner.sock", "inner-api.sock"] {
            XCTAssertTrue(text.contains("/run/7/\(name):\";"), name)
        }
        XCTAssertEqual(
            text.split(separator: "\n").filter { $0.contains("if ($writes) { return 503; }") }.count, 2)
        XCTAssertTrue(text.contains("map $request_method $writes { default 1; GET 0; HEAD 0; OPTIONS 0; }"))
        XCTAssertFalse(text.contains("X-Deployctl-Deployment"), "the instance behind says who it is")
    }

    func testTheEdgeKeepsConnectionsToWhatTheCurrentInstanceListensAtForThat() throws {
        let run = "/srv/shop/.deployctl/production/run"
        let edge = configuration().edge(runningAsRoot: false)
        XCTAssertTrue(
            edge.contains(
                """
                    upstream current.api {
                        server "unix:\(run)/current/api.sock" max_fails=0;
                    }
                    upstream current.api.kept {
                        server "unix:\(run)/current/kept-api.sock" max_fails=0;
                        server "unix:\(run)/current/kept-api.sock" max_fails=0;
                        server "unix:\(run)/current/api.sock" backup max_fails=0;
                        keepalive 64;
                        keepalive_timeout 50ms;
                    }
                """), edge)
        let front = try configuration().front(
            "7", of: release, serving: statics, addresses: [:], runningAsRoot: false)
        XCTAssertTrue(
            front.contains(
                #"map $server_addr $departure { default /; "~/kept(-[^/]+)?[.]sock$" "\#(run)/7/left"; }"#),
            front)
    }

    func testQuestionsAreAskedOnKeptConnectionsAndTheRestOnNewOnes() throws {
        var holding = environment
        holding.services[1].isKeptAlive = true
        let front = NginxConfiguration(layout: Layout(project: "/srv/shop", environment: holding)).front(
            "7", of: try release, serving: statics,
            addresses: ["web": "127.0.0.1:5001", "api": "127.0.0.1:5002"], runningAsRoot: false)
        XCTAssertTrue(
            front.contains(
                #"map "$request_method$http_upgrade$http_transfer_encoding$http_content_length" $kept_way { default ""; GET .kept; }"#
            ), front)
        XCTAssertTrue(front.contains("upstream service.api.kept {"), front)
        XCTAssertFalse(
            front.contains("upstream service.web.kept {"), "each of its connections is for one request")
        XCTAssertTrue(front.contains("proxy_pass \"http://service.web\";"), front)
    }

    func testAPasswordStandsBeforeEveryPublicPortAndReachesNoService_S02() {
        var guarded = environment
        guarded.runtime.strategy = .blueGreen
        guarded.front.password = .file(".secrets/front")
        guarded.front.rate = .init(requests: 20, per: .second)
        guarded.front.listen = ["0.0.0.0", "::"]
        let text = NginxConfiguration(layout: Layout(project: "/srv/shop", environment: guarded))
            .edge(runningAsRoot: false)
        let servers = text.components(separatedBy: "server {").dropFirst()
        XCTAssertEqual(servers.count, 4)
        for server in servers where server.contains("proxy_pass") {
            let isInside = server.contains("edge/door.sock")
            XCTAssertEqual(server.contains("auth_basic_user_file"), !isInside, server)
            XCTAssertEqual(server.contains("limit_req zone=visitors burst=20 nodelay;"), !isInside, server)
            XCTAssertTrue(server.contains("proxy_set_header Authorization \"\";"), server)
        }
        XCTAssertTrue(text.contains("listen 0.0.0.0:8443 ssl http2;\n    listen [::]:8443 ssl http2;"))
        XCTAssertFalse(text.contains(".secrets/front"))
    }

    func testOddPathsAreQuoted() {
        let text = configuration("/srv/my \"shop\\").edge(runningAsRoot: true)
        XCTAssertTrue(text.hasPrefix("user root;\n"))
        XCTAssertTrue(text.contains("pid \"/srv/my \\\"shop\\\\/.deployctl/production/edge/nginx.pid\";"))
        XCTAssertTrue(text.contains("ssl_certificate \"/srv/my \\\"shop\\\\/tls/cert.pem\";"))
        XCTAssertFalse(configuration().edge(runningAsRoot: false).contains("user root"))
    }
}

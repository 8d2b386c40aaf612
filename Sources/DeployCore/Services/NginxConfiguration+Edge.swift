/// The nginx that holds the public ports.
extension NginxConfiguration {
    /// The edge's file: public ports, headers, and the way to the current instance.
    ///
    /// `certificate`: the digest of what lies at `tls.certificate`, so that a renewed one is another configuration.
    func edge(certificate: String? = nil, runningAsRoot: Bool) -> String {
        var servers: [String] = []
        let front = proxy(to: Self.frontName, headers: ForwardedHeaders.lines() + entry)
        let open = errorPages.lines(from: layout.currentInstance)
        let told = headerLines + ForwardedHeaders.answered
        let guarded =
            told + RetryLater.lines + gate.lines + maintenance.lines(told) + open + [
                ClosingConnections.handover
            ]
        // The first certificate is asked for while nothing but the plain port is open.
        let isReady = environment.tls?.acme == nil || certificate != nil
        let redirect = environment.tls?.redirect == true && isReady
        if let port = environment.ports["http"] {
            servers.append(
                server(
                    listen: gate.places(of: port), plainly(redirect ? redirection() : nil, guarded + front)))
        }
        if isReady, let port = environment.ports["https"], let tls = environment.tls {
            let lines =
                [certificate.map { "\(Self.certificateMark) \($0)" }].compactMap(\.self) + [
                    "ssl_protocols TLSv1.2 TLSv1.3;",
                    "ssl_certificate \(NginxText.quoted(layout.absolute(tls.certificate)));",
                    "ssl_certificate_key \(NginxText.quoted(layout.absolute(tls.key)));",
                ] + remembered
            let places = gate.places(of: port).map { "\($0) ssl http2" }
            servers.append(server(listen: places, lines + guarded + front))
        }
        for (name, port) in publicServices {
            let target = proxy(to: name, headers: ForwardedHeaders.lines() + entry)
            servers.append(
                server(
                    listen: isolated ? ["127.0.0.1:\(port)"] : gate.places(of: port), guarded + target))
        }
        if let doors { servers += lobbyServers(at: doors, guarded: guarded, redirects: redirect) }
        if let askedDoor {
            servers.append(server(listen: ["unix:\(askedDoor)"], answers + location("/", ["return 404;"])))
        }
        if environment.isAskedInside { servers.append(insideDoor(showing: open)) }
        return file(
            folder: layout.edge, runningAsRoot: runningAsRoot,
            ForwardedHeaders(trusted: environment.front.trust ?? []).known + gate.counted + takenIn + ways
                + RetryLater.known + AccessLog.hidden + ForwardedHeaders.hidden + accessLog,
            servers)
    }

    /// Where deployctl asks what people ask at the first port, without being asked for a password or counted.
    private func insideDoor(showing pages: [String]) -> String {
        let hasFront = environment.ports["http"] != nil || environment.ports["https"] != nil || doors != nil
        let name = !hasFront ? publicServices.first?.name ?? Self.frontName : Self.frontName
        let scheme = environment.tls == nil ? "http" : "https"
        return server(
            listen: ["unix:\(layout.insideDoor)"],
            ["access_log off;"] + headerLines + RetryLater.lines + pages + [ClosingConnections.handover]
                + proxy(
                    to: name, headers: ForwardedHeaders.lines(scheme: scheme) + gate.withheld))
    }

    /// At a port without TLS: what an authority asks for, and for the rest `redirection` or, where that is nil, the application.
    func plainly(_ redirection: [String]?, _ application: [String]) -> [String] {
        guard let redirection else { return answers + application }
        return answers.isEmpty ? redirection : answers + location("/", redirection)
    }

    /// What an authority asks for; empty where none asks here.
    private var answers: [String] {
        (challenges ?? layout.certificates.challenges).map {
            ChallengeLocation(webroot: $0, environment: environment).lines
        } ?? []
    }

    /// Of an answer by TLS.
    var remembered: [String] {
        environment.tls?.remembered.map { ["add_header Strict-Transport-Security \"max-age=\($0)\" always;"] }
            ?? []
    }

    private var accessLog: [String] {
        environment.front.access == false ? ["access_log off;"] : AccessLog(path: layout.accessLog).lines
    }

    var gate: FrontGate { FrontGate(environment: environment, passwords: layout.edgePasswords) }

    /// A port on every address is reached from the other environment's containers through their gateway.
    private var isolated: Bool { environment.serviceRuntime.isolates }

    var headerLines: [String] {
        environment.headers.sorted { $0.key < $1.key }.map {
            "add_header \($0.key) \(NginxText.quoted($0.value)) always;"
        }
            + (environment.front.noindex == true
                ? ["add_header X-Robots-Tag \"noindex, nofollow\" always;"] : [])
    }

    /// What the current instance is asked at for all routes; services with a port of their own by their name.
    static let frontName = "front"

    private var ways: [String] {
        let names = [Self.frontName] + publicServices.map(\.name)
        return ["proxy_next_upstream error;", KeptWay.known] + names.flatMap { way(to: $0).lines }
    }

    /// nginx follows the link to the current instance at each connect.
    private func way(to name: String) -> KeptWay {
        func server(_ socket: String, _ kind: String = "") -> String {
            "server \(NginxText.quoted("unix:\(layout.currentInstance)/\(socket)"))\(kind) max_fails=0;"
        }
        return KeptWay(
            name: "current.\(name)", servers: [server("\(name).sock")], backups: [],
            // One that an older version of deployctl started has no other socket.
            kept: ([server(KeptDoor.name(of: name))], [server("\(name).sock", " backup")]),
            idle: KeptDoor.idle)
    }

    /// `name`: of the socket; `first`: what is asked before anything else.
    func proxy(to name: String, headers: [String], first: [String] = []) -> [String] {
        let way = way(to: name)
        let once = proxyLines(way.name, headers: headers)
        let closing = ClosingConnections(flag: layout.edgeClosing)
        return location("/", first + proxyLines(way.address, headers: headers) + [closing.question])
            + closing.location(once)
            + ["location \(KeptDoor.again) {"] + once.map { "    \($0)" } + ["}"]
    }

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
}

extension NginxConfiguration {
    /// What the lobby asks, by name: it ended TLS, and says who asks and how.
    func lobbyServers(at doors: LobbyDoors, guarded: [String], redirects: Bool) -> [String] {
        let known = ["set_real_ip_from unix:;", "real_ip_header X-Real-IP;"]
        let front = proxy(to: Self.frontName, headers: entry)
        // In the place of the application, so that an authority is answered by every name.
        let plain = server(
            listen: ["unix:\(doors.plain)"],
            known
                + plainly(
                    redirects ? canonical + redirection(to: environment.sharedPorts.https) : nil,
                    guarded + proxy(to: Self.frontName, headers: entry, first: canonical)))
        guard environment.tls != nil else { return [plain] }
        return [
            plain, server(listen: ["unix:\(doors.secure)"], known + canonical + remembered + guarded + front),
        ]
    }

    var maintenance: MaintenancePage { MaintenancePage(place: MaintenancePlace(layout: layout)) }

    /// In a location by which people get to the application.
    var entry: [String] { gate.withheld + MaintenancePage.gate }

    /// Further names lead to the first one, where the definition wants that.
    private var canonical: [String] {
        guard environment.front.canonical == true, environment.hosts.count > 1,
            let first = environment.hosts.first
        else { return [] }
        return [
            "if ($host != \(NginxText.quoted(first))) { return 308 \(environment.address(of: first))$request_uri; }"
        ]
    }

    /// From plain HTTP to the same host and path with TLS.
    func redirection(to https: Int? = nil) -> [String] {
        let port = https ?? environment.ports["https"] ?? 443
        return headerLines + ["return 308 https://$host\(port == 443 ? "" : ":\(port)")$request_uri;"]
    }
}

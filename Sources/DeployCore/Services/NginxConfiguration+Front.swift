/// The nginx of one instance, and the one that refuses writes while data is switched.
extension NginxConfiguration {
    /// `addresses`: where each app service of this instance listens, as nginx writes it, by its own name.
    func front(
        _ instance: String, of release: Timestamp, serving statics: StaticPlaces,
        kept: KeptAssets = .none, addresses own: [String: String], runningAsRoot: Bool
    ) -> String {
        let folder = layout.instance(instance)
        let spread = ReplicaSpread(environment.services, at: own) { layout.waitingRoom(of: $0, in: instance) }
        let addresses = spread.addresses
        let identity =
            ["add_header \(CurlCommands.instanceHeader) \(NginxText.quoted(instance)) always;"]
            + AccessLog.told(of: release) + RetryLater.lines
        let door = KeptDoor(layout: layout, instance: instance)
        var servers = [
            server(
                listen: [
                    "unix:\(folder)/front.sock", "unix:\(layout.innerDoor(of: instance))",
                    door.listen(Self.frontName),
                ],
                identity + KeptDoor.lines + errorPages.lines(from: folder)
                    + routes(serving: statics, kept: kept, addresses: addresses))
        ]
        for (name, _) in publicServices {
            guard let address = addresses[name] else { continue }
            servers.append(
                server(
                    listen: [
                        "unix:\(folder)/\(name).sock", "unix:\(folder)/inner-\(name).sock",
                        door.listen(name),
                    ],
                    identity + KeptDoor.lines + errorPages.lines(from: folder)
                        + location("/", asking(name, at: address))))
        }
        let pages = environment.front.fallback == nil ? [] : [FallbackPage.shared]
        let scripts = fastCGI(serving: statics, addresses: addresses)
        return file(
            folder: folder, runningAsRoot: runningAsRoot, room: FastCGIRoute.room(for: scripts),
            passedOn + [door.known] + RetryLater.known + spread.lines + AccessLog.believed + pages
                + kept.lines + stripped
                + FastCGIRoute.known(scripts),
            servers)
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
        let door = KeptDoor(layout: layout, instance: hold)
        func held(_ name: String, _ inner: String) -> String {
            server(
                listen: ["unix:\(folder)/\(name).sock", door.listen(name)],
                KeptDoor.lines + refuse
                    + location(
                        "/",
                        ["if ($writes) { return 503; }"]
                            + proxyLines("unix:\(target)/\(inner)")))
        }
        let servers =
            [held(Self.frontName, "inner.sock")]
            + publicServices.map { held($0.name, "inner-\($0.name).sock") }
        return file(folder: folder, runningAsRoot: runningAsRoot, passedOn + [door.known], servers)
    }

    func asking(_ service: String, at address: String) -> [String] {
        [AccessLog.served(by: service)] + proxyLines(address)
    }

    /// A body has been taken in as a whole by the edge, and does not lie on the disk twice.
    private var passedOn: [String] { ["access_log off;", "proxy_request_buffering off;"] }
}

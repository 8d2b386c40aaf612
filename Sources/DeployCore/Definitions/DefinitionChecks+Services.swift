extension DefinitionChecks {
    var services: [Located.Member] { tree["services"]?.members ?? [] }

    mutating func checkServices() {
        for service in services {
            let path = DefinitionPath.key(service.key, in: "services")
            guard !isOwnTool else {
                checkHanded(service, path)
                continue
            }
            if !usesComposeFile, let grants = service.value["grants"] {
                refuse(grants, "\(path).grants", "has a meaning for containers only", "remove it")
            }
            checkMounts(of: service, path)
            switch service.value["role"]?.text {
            case "app": checkApp(service, path)
            case "edge": checkEdge(service, path)
            case "data":
                refuseKeys(
                    [
                        "command", "listen", "health", "routes", "stop", "overlap", "keepAlive", "after",
                        "replicas",
                    ],
                    of: service,
                    path,
                    role: "data")
            case "job": checkJob(service, path)
            default: break
            }
        }
        checkCycles()
        for edge in services.filter({ $0.value["role"]?.text == "edge" }).dropFirst() {
            refuse(
                at: edge.location, DefinitionPath.key(edge.key, in: "services"),
                "is a second edge; there can be one",
                "remove one of the two, or give it another role")
        }
    }

    private mutating func checkApp(_ service: Located.Member, _ path: String) {
        if usesComposeFile, let command = service.value["command"] {
            refuse(command, "\(path).command", "stands in the Compose file", "remove it here")
        } else if !usesComposeFile, service.value["command"] == nil {
            refuse(
                service.value, "\(path).command", "is missing; an app service is a program",
                "add for example \"command\": [\"node\", \"server.js\"]")
        }
        refuseKeys(["routes"], of: service, path, role: "app")
        checkOrder(of: service, path)
        checkProtocol(of: service, path)
        checkReplicas(of: service, path)
        guard service.value["listen"]?.text == "none" else { return }
        if let kept = service.value["keepAlive"] {
            refuse(
                kept, "\(path).keepAlive", "needs a service that listens, and this one listens on nothing",
                "remove it")
        }
        guard let health = service.value["health"] else { return }
        refuse(
            health, "\(path).health", "needs a service that listens, and this one listens on nothing",
            "remove \"health\", or let it listen on tcp or a socket")
    }

    private mutating func checkJob(_ service: Located.Member, _ path: String) {
        refuseKeys(
            ["command", "listen", "health", "routes", "variables", "keepAlive", "replicas"], of: service,
            path, role: "job"
        )
        guard !usesComposeFile, let role = service.value["role"] else { return }
        refuse(
            role, "\(path).role", "is for containers only; a program that ends is a command",
            "write it as a command of \"release\"")
    }

    private mutating func checkEdge(_ service: Located.Member, _ path: String) {
        refuseKeys(
            ["command", "listen", "grants", "stop", "overlap", "keepAlive", "after", "replicas"], of: service,
            path,
            role: "edge")
        guard let routes = service.value["routes"], !routes.members.isEmpty else {
            return refuse(
                service.value, "\(path).routes", "is missing; an edge without routes serves nothing",
                "add for example \"routes\": {\"/\": \"public\"}")
        }
        for route in routes.members {
            if let folder = route.value.text, let file = tree["database"]?["file"]?.text,
                file.begins(with: folder + "/")
            {
                refuse(
                    route.value, DefinitionPath.key(route.key, in: "\(path).routes"),
                    "would publish the database \(Shown.text(file))", "serve another folder")
            }
            let named = route.value["service"]
            let target = services.first { $0.key == (named ?? route.value).text }
            guard let name = target?.key ?? named?.text, target.map(listens) != true else { continue }
            refuse(
                route.value, DefinitionPath.key(route.key, in: "\(path).routes"),
                "\"\(name)\" is no app service that listens",
                "name an app service that listens, or a folder of the release")
        }
    }

    mutating func checkUser() {
        guard usesComposeFile, let user = tree["user"] else { return }
        refuse(
            user, "user", "is for services that run as processes; containers have users of their own",
            "remove it, and write \"user\" in the Compose file")
    }

    mutating func checkPorts() {
        let ports = tree["ports"]?.members ?? []
        var owners: [Int: String] = [:]
        for port in ports {
            let path = DefinitionPath.key(port.key, in: "ports")
            if port.key != "http", port.key != "https" { checkOwner(of: port, path) }
            guard let number = port.value.integer else { continue }
            if let owner = owners[number] {
                refuse(
                    port.value, path, "\(number) is also the port of \"\(owner)\"", "give each its own number"
                )
            } else {
                owners[number] = port.key
            }
        }
        if let tls = tree["tls"], tree["ports"]?["https"] == nil, tree["hosts"] == nil {
            refuse(
                tls, "tls", "needs \"https\" in \"ports\", or \"hosts\"",
                "add \"https\": 443 to \"ports\", or remove \"tls\"")
        }
        if tree["tls"] == nil, let https = tree["ports"]?["https"] {
            refuse(
                https, "ports.https", "needs a certificate",
                "add \"tls\" with \"certificate\" and \"key\", or with \"acme\"")
        }
    }

    private mutating func checkOwner(of port: Located.Member, _ path: String) {
        if let service = services.first(where: { $0.key == port.key }) {
            guard !listens(service) && !(usesComposeFile && service.value["role"]?.text == "data") else {
                return
            }
            return refuse(
                at: port.location, path, "\"\(port.key)\" is no app service that listens",
                "remove it, or name an app service that listens")
        }
        let names = ["http", "https"] + services.filter(listens).map(\.key)
        refuse(
            at: port.location, path, "names no service",
            Nearest.word(to: port.key, in: names).map { "rename it to \"\($0)\"" }
                ?? "use http, https or the name of an app service")
    }

    private func listens(_ service: Located.Member) -> Bool {
        service.value["role"]?.text == "app" && service.value["listen"]?.text != "none"
    }

    private mutating func refuseKeys(
        _ keys: [String], of service: Located.Member, _ path: String, role: String
    ) {
        for key in keys {
            guard let value = service.value[key] else { continue }
            let article = role == "app" || role == "edge" ? "an" : "a"
            refuse(
                value, "\(path).\(key)", "has no meaning for \(article) \(role) service",
                "remove it, or change \"role\"")
        }
    }
}

extension DefinitionChecks {
    /// FastCGI is spoken by the front alone, which has to find the files that it names.
    mutating func checkProtocol(of service: Located.Member, _ path: String) {
        let value = service.value
        guard let spoken = value["protocol"], spoken.text == "fastcgi" else {
            for key in ["root", "script"] {
                guard let extra = value[key] else { continue }
                refuse(
                    extra, "\(path).\(key)", "is for a service that speaks FastCGI",
                    "remove it, or add \"protocol\": \"fastcgi\"")
            }
            return
        }
        if usesComposeFile {
            return refuse(
                spoken, "\(path).protocol", "is for services that run as processes",
                "put a web server beside it in the Compose file, and let it speak HTTP")
        }
        if value["root"] == nil {
            refuse(
                spoken, "\(path).root", "is missing; FastCGI names files",
                "add for example \"root\": \"public\"")
        }
        let routes = (tree["services"]?.members ?? []).flatMap { $0.value["routes"]?.members ?? [] }
        let own = routes.filter { ($0.value["service"] ?? $0.value).text == service.key }
        if own.isEmpty || value["listen"]?.text == "none" || tree["ports"]?[service.key] != nil {
            refuse(
                spoken, "\(path).protocol", "is spoken by the front only, and needs a route",
                "name it in \"routes\" of the edge, let it listen, and give it no port of its own")
        }
        if value["listen"]?.text != "socket" {
            refuse(
                spoken, "\(path).protocol",
                "lets whoever reaches its address run what they like, and a port is reached by every account",
                "add \"listen\": \"socket\", and let the program listen at $SOCKET")
        }
        for route in own where route.value["strip"]?.flag == true {
            refuse(
                route.value, "\(path).protocol",
                "has no meaning with \"strip\": scripts are files below root",
                "remove \"strip\" from the route \(Shown.text(route.key))")
        }
    }
}

/// What answers below which path.
extension NginxConfiguration {
    func routes(serving statics: StaticPlaces, kept: KeptAssets, addresses: [String: String]) -> [String] {
        guard let edge = environment.services.first(where: { $0.role == .edge }) else {
            guard let only = environment.services.first(where: { $0.role == .app && $0.listen != .none }),
                let address = addresses[only.definedName]
            else { return ["return 404;"] }
            return location("/", asking(only.definedName, at: address))
        }
        let routed = edge.routes.enumerated().flatMap { number, route -> [String] in
            switch route.target {
            case .service(let name):
                guard let address = addresses[name] else { return [] }
                if let scripts = fastCGI(serving: statics, addresses: addresses).first(where: {
                    $0.number == number
                }) {
                    return scripts.locations.flatMap { place in
                        ["location \(place.head) {"] + place.lines.map { "    \($0)" } + ["}"]
                    }
                }
                guard route.isStripped else { return location(route.path, asking(name, at: address)) }
                let stripped = StrippedRoute(route: route, number: number)
                let lines = [AccessLog.served(by: name)] + stripped.lines
                return stripped.places.flatMap { place in
                    location(
                        place.path, exactly: place.isWhole, lines + proxyLines(address, as: stripped.rest))
                }
            case .folder(let folder):
                let page = environment.front.fallback.flatMap { statics.page($0, in: folder) }
                    .map { FallbackPage(page: $0, root: statics.release, number: number) }
                let missing = kept.lines(of: route, number: number, beside: errorPages)
                return statics.places(for: route, folder: folder)
                    .filter { isFree($0.address, of: route, in: edge) }
                    .flatMap { place in
                        let isOwn = place.root == statics.release
                        return redirection(to: place, of: route)
                            + location(
                                place, of: edge.name, fallback: isOwn ? page : nil,
                                missing: isOwn && page == nil ? missing : [])
                    } + (page?.location(missing: missing) ?? [])
                    + kept.location(of: route, number: number, served: AccessLog.served(by: edge.name))
            }
        }
        // What no route has, nginx would look for in a folder of its own.
        let rest = "location \(NginxText.quoted("/")) {"
        return routed
            + (routed.contains { $0 == rest }
                ? [] : location("/", [AccessLog.served(by: edge.name), "return 404;"]))
    }

    /// What has to be known of requests for routes of which the path is taken away.
    var stripped: [String] {
        let routes = environment.services.first { $0.role == .edge }?.routes ?? []
        return routes.enumerated().filter { $0.element.isStripped }.map {
            StrippedRoute(route: $0.element, number: $0.offset).known
        }
    }

    /// The routes whose services speak FastCGI.
    func fastCGI(serving statics: StaticPlaces, addresses: [String: String]) -> [FastCGIRoute] {
        let routes = environment.services.first { $0.role == .edge }?.routes ?? []
        return routes.enumerated().compactMap { number, route in
            guard case .service(let name) = route.target,
                let service = environment.services.first(where: { $0.name == name }),
                let address = addresses[name], let scripts = service.fastCGI,
                let content = statics.content(of: scripts.root)
            else { return nil }
            return FastCGIRoute(
                route: route, number: number, service: service, root: content.path, release: statics.release,
                scripts: content.files.filter { file in
                    file.ends(with: ".php") && NginxText.isWritable(file)
                        && !"/\(file)".holds("/.")
                }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, address: address)
        }
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
    private func location(_ place: StaticPlace, of edge: String, fallback: FallbackPage?, missing: [String])
        -> [String]
    {
        let dots = #"(?s)^\#(NginxText.pattern(place.address))(?:.*/)?\.(?!well-known(?:/|$))"#
        return location(
            place.address, exactly: !place.isFolder,
            [
                AccessLog.served(by: edge),
                "alias \(NginxText.quoted(place.path + (place.isFolder ? "/" : "")));", "index index.html;",
                "disable_symlinks on \(NginxText.quoted("from=\(place.root)"));",
            ] + (environment.front.dotFiles ? [] : ["if ($uri ~ \"\(dots)\") { return 404; }"])
                + (place.isFolder ? fallback?.lines(beside: errorPages) ?? [] : [])
                + (missing.isEmpty ? [] : ["recursive_error_pages on;"] + missing))
    }
}

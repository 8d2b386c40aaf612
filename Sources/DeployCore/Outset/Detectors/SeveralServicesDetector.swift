/// One repository, several programs, each in a folder of its own.
struct SeveralServicesDetector: Detector {
    private static let entries = [
        "main.py", "app.py", "server.py", "server.js", "index.js", "main.js", "src/index.js", "src/server.js",
    ]
    private static let serving = [
        "serve(", "listen(", "HTTPServer(", "FastAPI(", "Flask(", "run_app(", "run(",
    ]
    private static let pages = ["frontend", "web", "client", "public", "ui", "www"]
    private static let doors = ["gateway", "api", "backend", "web", "server"]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard sketch.web == nil else { return }
        var found: [(name: String, folder: String, text: String, service: ApplicationSketch.Service)] = []
        for source in repository.code {
            guard let entry = Self.entries.first(where: { source.path.ends(with: "/\($0)") }),
                let folder = source.path.before("/\(entry)"),
                let name = folder.cutLast(at: "/")?.after ?? Optional(folder),
                TextRule.name.accepts(String(name)), Self.serving.contains(where: { source.text.holds($0) }),
                !found.contains(where: { $0.name[...] == name })
            else { continue }
            let program = entry.ends(with: ".py") ? sketch.python : "node"
            found.append(
                (
                    String(name), String(folder), source.text,
                    .init(
                        name: String(name), command: [program, source.path],
                        health: HealthDetector.path(in: [source.text]) ?? "/")
                ))
        }
        guard found.count > 1 else { return }
        sketch.recognise("several services")
        for one in found {
            sketch.put(one.service)
            if repository.has("\(one.folder)/package-lock.json") {
                sketch.build.append(["npm", "ci", "--prefix", one.folder])
            }
        }
        let door = door(of: found.map { ($0.name, $0.text) })
        sketch.services =
            sketch.services.filter { $0.name == door } + sketch.services.filter { $0.name != door }
        let page = repository.paths.first { path in
            path.ends(with: "/index.html")
                && Self.pages.contains { RepositoryFiles.folder(of: path) == $0 }
        }.map(RepositoryFiles.folder)
        if let page {
            let own = found.first { $0.name == door }.map { Self.addresses(in: $0.text) } ?? []
            sketch.routes +=
                (["/api"] + own).map { .init(path: $0, target: door) } + [.init(path: "/", target: page)]
        } else {
            sketch.routes.append(.init(path: "/", target: door))
        }
        sketch.leave("visitors reach \(door) alone: add \"routes\" where others have paths of their own")
    }

    private static let answering = [
        "== ", "case ", ".get(", ".post(", ".put(", ".patch(", ".delete(", ".route(", ".use(",
    ]

    /// Where the addresses begin that a program answers, health checks aside: they are not the pages'.
    private static func addresses(in text: String) -> [String] {
        let health = HealthDetector.path(in: [text])
        var found: [String] = []
        for quoted in CodeScan.quoted(after: answering, in: text) {
            guard quoted.word.begins(with: "/"), quoted.word != health,
                let first = quoted.word.split(at: "/").first.map(String.init), TextRule.name.accepts(first),
                first != "api", !found.contains(where: { $0 == "/\(first)" })
            else { continue }
            found.append("/\(first)")
        }
        return found
    }

    /// Who asks the others, else who is named so, else the first.
    private func door(of services: [(name: String, text: String)]) -> String {
        let asking = services.first { service in
            services.contains { $0.name != service.name && service.text.holds("\($0.name.uppered)_URL") }
        }
        return asking?.name ?? Self.doors.first { door in services.contains { $0.name == door } }
            ?? services[0].name
    }
}

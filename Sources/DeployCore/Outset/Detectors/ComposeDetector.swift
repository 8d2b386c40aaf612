/// A Compose file, where nothing else says how the application runs.
struct ComposeDetector: Detector {
    private static let names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]
    private static let images: [(word: String, engine: Environment.Database.Engine?)] = [
        ("postgres", .postgresql), ("mysql", .mysql), ("mariadb", .mysql), ("redis", nil), ("valkey", nil),
        ("rabbitmq", nil),
    ]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard let path = repository.first(of: Self.names), let text = repository.text(path) else { return }
        guard sketch.services.isEmpty, sketch.routes.isEmpty else {
            return sketch.leave(
                "\(path) is not used: services run as processes; for containers see deployctl's page Compose")
        }
        let services = Self.services(text)
        let apps = services.filter { !$0.isData }.map(\.name)
        guard
            let door = ["web", "app", "api", "backend", "server"].first(where: { door in
                apps.contains { $0 == door }
            })
                ?? apps.first
        else { return }
        sketch.recognise("Compose")
        sketch.composeFile = path
        sketch.services = ([door] + apps.filter { $0 != door }).map {
            .init(name: $0, command: [], listens: $0 == door)
        }
        sketch.data = services.filter(\.isData).map(\.name)
        sketch.routes = [.init(path: "/", target: door)]
        sketch.leave(
            "ports, volumes and data services of \(path): deployctl's page Compose says what each environment needs of its own"
        )
    }

    /// Names one step inside `services:`, with whether an image of a known server is theirs.
    private static func services(_ text: String) -> [(name: String, isData: Bool)] {
        var (found, inside, step): ([(name: String, isData: Bool)], Bool, Int) = ([], false, 0)
        for line in text.lines where !line.isBlank && !line.trimmed.begins(with: "#") {
            let depth = line.utf8.prefix { $0 == 0x20 }.count
            if depth == 0 {
                inside = line.begins(with: "services:")
            } else if inside {
                if step == 0 { step = depth }
                if depth == step, let name = line.trimmed.before(":"), TextRule.name.accepts(String(name)) {
                    found.append((String(name), false))
                } else if let image = line.trimmed.after("image:"), !found.isEmpty {
                    let last = image.split(at: "/").last ?? image
                    found[found.count - 1].isData = images.contains { last.trimmed.begins(with: $0.word) }
                }
            }
        }
        return found
    }
}

/// A Compose file, where it builds the application or nothing else says how that runs.
struct ComposeDetector: Detector {
    private static let names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]
    /// How images of servers that keep data begin.
    private static let keepers = [
        "postgres", "postgis", "mysql", "mariadb", "redis", "valkey", "rabbitmq", "mongo", "mssql",
        "memcached",
        "elasticsearch",
    ]
    /// Services that visitors reach first, where a file has several.
    private static let doors = ["proxy", "nginx", "web", "frontend", "app", "api", "backend", "server"]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard let path = repository.first(of: Self.names), let text = repository.text(path) else { return }
        let services = Self.services(text)
        guard services.contains(where: \.isBuilt) || sketch.services.isEmpty && sketch.routes.isEmpty else {
            return sketch.leave(
                "\(path) is not used: services run as processes; for containers see deployctl's page Compose")
        }
        let apps = services.filter { !$0.isData }.map(\.name)
        guard
            let door = Self.doors.first(where: { door in apps.contains { $0 == door } }) ?? apps.first
        else { return }
        sketch = ApplicationSketch()
        sketch.recognise("Compose")
        sketch.composeFile = path
        sketch.services = ([door] + apps.filter { $0 != door }).map {
            .init(name: $0, command: [], listens: $0 == door)
        }
        sketch.data = services.filter(\.isData).map(\.name)
        sketch.routes = [.init(path: "/", target: door)]
        for service in sketch.data {
            sketch.leave(
                "\(service) is in no backup until the definition has its \"database\": deployctl's page Databases"
            )
        }
        sketch.leave(
            "ports, volumes and data services of \(path): deployctl's page Compose says what each environment needs of its own"
        )
    }

    private struct Listed {
        var name: String
        var isData = false
        /// Whether its image is made of the repository.
        var isBuilt = false
    }

    /// Names one step inside `services:`, with whether an image of a known server is theirs.
    private static func services(_ text: String) -> [Listed] {
        var (found, inside, step): ([Listed], Bool, Int) = ([], false, 0)
        for line in text.lines where !line.isBlank && !line.trimmed.begins(with: "#") {
            let depth = line.utf8.prefix { $0 == 0x20 }.count
            if depth == 0 {
                inside = line.begins(with: "services:")
            } else if inside {
                if step == 0 { step = depth }
                if depth == step, let name = line.trimmed.before(":"), TextRule.name.accepts(String(name)) {
                    found.append(Listed(name: String(name)))
                } else if line.trimmed.begins(with: "build:"), !found.isEmpty {
                    found[found.count - 1].isBuilt = true
                } else if let image = line.trimmed.after("image:"), !found.isEmpty {
                    let last = image.split(at: "/").last ?? image
                    found[found.count - 1].isData = keepers.contains { last.trimmed.begins(with: $0) }
                }
            }
        }
        return found
    }
}

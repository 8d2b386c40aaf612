/// The path by which a service says that it can serve.
struct HealthDetector: Detector {
    private static let paths = [
        "/healthz", "/health", "/api/health", "/up", "/_health", "/health/", "/healthcheck", "/livez",
        "/ping",
    ]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        let path = Self.path(in: repository.code.map(\.text)) ?? "/"
        for index in sketch.services.indices
        where sketch.services[index].listens && sketch.services[index].health == nil {
            sketch.services[index].health = path
        }
    }

    /// nil where no text has one as a quoted word.
    static func path(in texts: [String]) -> String? {
        paths.first { path in
            texts.contains { text in ["\"", "'"].contains { text.holds("\($0)\(path)\($0)") } }
        }
    }
}

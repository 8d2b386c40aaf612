import DeployTestSupport

@testable import DeployCore

/// Definitions of a small shop, to be made wrong or varied.
enum DefinitionFixture {
    static let base = """
        {
          "project": "shop",
          "services": {
            "backend": {"role": "app", "command": ["node", "server.js"], "health": {"path": "/health"}},
            "front": {"role": "edge", "routes": {"/api": "backend", "/": "public"}},
          },
          "migrations": {"directory": "db"},
          "database": {"engine": "sqlite", "file": "data/app.db"},
        }
        """
    static let staging = """
        {"extends": "base.json", "ports": {"http": 8080, "backend": 5001}, "url": "http://localhost:8080"}
        """
    static let production = """
        {"extends": "base.json", "ports": {"http": 8090, "backend": 5000}, "promotion": {"from": "staging"}}
        """

    static func store(_ changes: [String: String] = [:]) -> MemoryFileStore {
        var files = ["base.json": base, "staging.json": staging, "production.json": production]
        for (name, text) in changes { files[name] = text }
        let store = MemoryFileStore()
        for (name, text) in files { store.write(text, to: "environments/\(name)") }
        return store
    }

    static func loader(_ changes: [String: String] = [:]) -> DefinitionLoader {
        DefinitionLoader(files: store(changes), folder: "environments")
    }

    /// The environment of one complete file, with every problem on failure.
    static func load(_ text: String, as name: String = "staging") throws(DeployError) -> Environment {
        try loader(["\(name).json": text]).load(name)
    }
}

import Foundation

extension DeployctlFixture {
    /// Writes a file of the project; without text, removes it.
    public func write(_ text: String?, to path: String) throws {
        let file = "\(project)/\(path)"
        guard let text else { return try FileManager.default.removeItem(atPath: file) }
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    public func read(_ path: String) throws -> String {
        try String(contentsOfFile: "\(project)/\(path)", encoding: .utf8)
    }

    /// Adds text to the end of a file of the project.
    public func append(_ text: String, to path: String) throws {
        try write((try? read(path)).map { $0 + text } ?? text, to: path)
    }

    /// Replaces text that must be there.
    public func replace(_ old: String, with new: String, in path: String) throws {
        let text = try read(path)
        try expect(text.contains(old), "\(path) does not contain \(old)")
        try write(text.replacingOccurrences(of: old, with: new), to: path)
    }

    /// Writes the files and commits everything.
    public func commit(_ changes: [String: String?], _ subject: String = "Change") throws {
        for (path, text) in changes { try write(text, to: path) }
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "--message", subject)
    }

    /// Commits a release that calls itself `version`.
    public func commit(version: String, migration: (name: String, sql: String)? = nil) throws {
        var changes: [String: String?] = ["app/version": version]
        if let migration { changes["migrations/\(migration.name).sql"] = migration.sql }
        try commit(changes, version)
    }

    @discardableResult
    public func git(_ arguments: String...) throws -> String {
        try runProgram(["git", "-C", project] + arguments).expect(0).output
    }

    func furnish() throws {
        try write(Self.application, to: "app/server.py")
        try write("200", to: "app/health")
        try write("one", to: "app/version")
        try write(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL);\n",
            to: "migrations/V0001_item.sql")
        try write(Self.base, to: "environments/base.json")
        try write(Self.staging(port("staging")), to: "environments/staging.json")
        try write(Self.production(port("production")), to: "environments/production.json")
        try write(".deployctl/\nbackups/\nlogs/\n", to: ".gitignore")
        try git("init", "--quiet", "--initial-branch", "main")
        try commit([:], "Begin")
    }

    /// The interpreter itself: a shim in front of it would cost more than the application.
    private static let python: String = {
        ["/usr/bin/python3", "/usr/local/bin/python3"].first { access($0, X_OK) == 0 } ?? "python3"
    }()

    public static let base = """
        {
          "project": "shop",
          "services": {
            "web": {"role": "app", "command": ["\(python)", "-IS", "app/server.py"], "listen": "socket",
                    "health": {"path": "/health", "timeout": "10s"}},
            "front": {"role": "edge", "routes": {"/": "web"}}
          },
          "migrations": {"directory": "migrations"},
          "database": {"engine": "sqlite", "file": "data/app.db"},
          "drain": "2s",
          "watch": "0s"
        }
        """

    private static func staging(_ port: Int) -> String {
        """
        {"extends": "base.json", "ports": {"http": \(port)}, "logs": "logs/staging"}
        """
    }

    private static func production(_ port: Int) -> String {
        """
        {
          "extends": "base.json", "ports": {"http": \(port)}, "logs": "logs/production",
          "backup": {"beforeDeploy": true, "verify": "restore", "keep": {"last": 2}},
          "promotion": {"from": "staging"}
        }
        """
    }
}

import DeployTestSupport
import Foundation

@testable import DeployCore

/// A resolved Compose file of a shop: a web service, a worker, a database.
enum ComposeFixture {
    static let web = #"""
        {"build": {"context": "/p/web"}, "image": "shop-web:dev", "expose": ["5000"], "container_name": "web",
         "networks": {"default": null}, "depends_on": {"database": {"condition": "service_healthy"}},
         "ports": [{"mode": "ingress", "target": 9000, "published": "5001", "protocol": "tcp"}],
         "environment": {"PORT": "5000", "MODE": "b$$c", "DATABASE_HOST": "elsewhere"},
         "secrets": [{"source": "TOKEN", "target": "/run/secrets/TOKEN"}],
         "labels": {"own": "kept"}, "stop_grace_period": "40s"}
        """#
    static let worker =
        #"{"image": "shop-web:dev", "restart": "on-failure", "depends_on": {"web": {"condition": "service_started"}}}"#
    static let database = #"""
        {"image": "mysql:8.0", "ports": [{"target": 3306, "published": "3306"}],
         "volumes": [{"type": "volume", "source": "data", "target": "/var/lib/mysql", "volume": {}}],
         "secrets": [{"source": "DATABASE_ADMIN_PASSWORD", "target": "/run/secrets/DATABASE_ADMIN_PASSWORD"}]}
        """#

    static func file(_ change: (inout JSONTree) -> Void = { _ in }) throws -> ComposeFile {
        let services = #"{"web": \#(web), "worker": \#(worker), "database": \#(database)}"#
        let secrets = #"""
            {"TOKEN": {"file": "/s/TOKEN"}, "DATABASE_ADMIN_PASSWORD": {"file": "/s/DATABASE_ADMIN_PASSWORD"}}
            """#
        let text =
            #"{"services": \#(services), "volumes": {"data": {}, "cache": {}}, "secrets": \#(secrets)}"#
        var tree = try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))
        change(&tree)
        return ComposeFile(name: "compose.yml", tree: tree, ground: ground)
    }

    /// A release at `/p`, in which some links lead astray.
    static let ground: ComposeGround = {
        let files = MemoryFileStore()
        for file in ["/p/app/Dockerfile", "/p/app/leading/main.js"] { files.write("", to: file) }
        files.write("", to: "/e/shared/uploads/a.png")
        files.write("", to: "/p/empty/.gitkeep")
        for granted in ["/srv/media/film", "/srv/in/list"] { files.write("", to: granted) }
        for (link, target) in [
            ("/p/out", "/etc"), ("/p/up", "../e/other"), ("/p/loop", "loop"),
            ("/p/app/env", "../../etc/passwd"),
            ("/p/app/leading/Dockerfile", "../../../e/other/Dockerfile"), ("/p/inside", "app"),
            ("/p/uploads", "../e/shared/uploads"), ("/e/shared/planted", "../state"),
        ] { try? files.pointLink(link, to: target) }
        return ComposeGround(
            files: files, release: "/p", shared: "/e/shared", secrets: "/s", closed: ["/e", "/backups"])
    }()

    static func environment(_ change: (inout Environment) -> Void = { _ in }) -> Environment {
        var environment = Environment(name: "staging", project: "shop")
        environment.runtime = .init(kind: .compose, strategy: .blueGreen, file: "compose.yml")
        environment.services = [
            Service(name: "web", role: .app), Service(name: "worker", role: .app, listen: .none),
            Service(name: "database", role: .data),
        ]
        environment.ports = ["http": 80, "database": 3308]
        environment.volumes = ["staging_cache", "staging_data"]
        environment.network = "staging-network"
        environment.database = .init(engine: .mysql)
        environment.database?.service = "database"
        environment.database?.user = "shop"
        change(&environment)
        return environment
    }

    static func unit(
        _ file: ComposeFile? = nil, _ change: (inout Environment) -> Void = { _ in }
    ) throws -> ComposeUnit {
        ComposeUnit(file: try file ?? self.file(), environment: environment(change))
    }

    static func apps(_ unit: ComposeUnit) -> AppDocument {
        AppDocument(
            unit: unit, instance: "20261121021530",
            release: Timestamp(digits: "20261121021500") ?? .placeholder,
            images: ["web": "sha256:aa", "worker": "sha256:bb"], ports: ["web": 40_000],
            variables: ["DATABASE_HOST": "database", "DEPLOYCTL_COMMIT": "a$b"],
            secrets: ["TOKEN": "/s/TOKEN", "DATABASE_URL": "/s/DATABASE_URL"])
    }
}

extension Timestamp {
    fileprivate static let placeholder = Timestamp(UTC.epoch2000)
}

extension JSONTree {
    /// What stands at a dotted path; keys only.
    func at(_ path: String...) -> JSONTree? {
        path.reduce(JSONTree?.some(self)) { tree, key in tree?[key] }
    }

    static func parse(_ text: String) throws -> JSONTree {
        try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))
    }
}

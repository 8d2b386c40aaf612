import DeployTestSupport
import Foundation
import XCTest

/// A machine with systemd on which other people's applications are deployed as one of its users.
struct StrangersServer {
    let server: ThrowawayServer
    let projects: [ForeignProject]

    init(_ strangers: [Stranger], for test: XCTestCase) throws {
        let server = try ThrowawayServer("strangers", for: test, binary: ProjectWorld.findBinary())
        self.server = server
        let worlds = try strangers.enumerated().map { number, stranger in
            let ports = ["staging": 21_000 + 2 * number, "production": 21_001 + 2 * number]
            return try ApplicationWorld(stranger, for: test, ports: ports)
        }
        try Self.install(strangers, on: server)
        try server.root(
            """
            loginctl enable-linger deploy
            printf '[Unit]\\nBefore=user@1000.service\\n[Service]\\nType=oneshot\\nRemainAfterExit=yes\\n' >\(Self.witness)
            printf 'ExecStart=/bin/true\\nExecStop=/bin/touch \(Self.order)\\n[Install]\\nWantedBy=multi-user.target\\n' >>\(Self.witness)
            systemctl enable --now witness
            su - deploy -c 'git config --global user.email ada@example.org; git config --global user.name ada
            ln -s /usr/share/nodejs .node_modules'
            """)
        for stranger in strangers {
            if let (engine, stem) = stranger.database { try Self.prepare(engine, stem, on: server) }
        }
        projects = try worlds.map { try ForeignProject($0, on: server) }
    }

    /// A unit that ends after everything of the user has ended, and tells it by a file.
    private static let witness = "/etc/systemd/system/witness.service"
    private static let order = "/var/in-order"

    /// In order: nobody holds the machine up until it is cut off.
    func reboot() throws {
        try server.root("rm -f \(Self.order)")
        try server.reboot()
        try server.root("ls \(Self.order)")
    }

    private static func install(_ strangers: [Stranger], on server: ThrowawayServer) throws {
        var packages = Set(strangers.flatMap(\.packages))
        for stranger in strangers {
            switch stranger.database?.engine {
            case .mysql: packages.insert("mariadb-server")
            case .postgresql: packages.insert("postgresql")
            case nil: break
            }
        }
        let python = Set(strangers.compactMap(\.python))
        if python.contains(.wheels) { packages.insert("python3-pip") }
        try server.root(
            "DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "
                + packages.sorted().joined(separator: " "))
        for kind in python {
            let name = kind == .wheels ? "wheels" : "site"
            let place = "\(ProjectWorld.package)/.build/\(name)"
            try server.upload(place, to: place)
            guard kind == .wheels else { continue }
            let settings = "[global]\\nfind-links = \(place)\\nno-index = true\\n"
            try server.root(
                "su - deploy -c \"mkdir -p .config/pip; printf '\(settings)' > .config/pip/pip.conf\"")
        }
    }

    /// Users with the rights that the page of databases asks for, and no more.
    private static func prepare(
        _ engine: DatabaseServer.Engine, _ stem: String, on server: ThrowawayServer
    ) throws {
        let names = ["staging", "production"].map { ("\(stem)_\($0)", "hush-\($0)") }
        switch engine {
        case .mysql:
            let users = names.map { "CREATE USER '\($0)'@'%' IDENTIFIED BY '\($1)';" }.joined(separator: " ")
            try server.root(
                """
                mariadb -e "CREATE USER IF NOT EXISTS 'deployer'@'%' IDENTIFIED BY 'hush';
                GRANT ALL PRIVILEGES ON \\`\(stem)%\\`.* TO 'deployer'@'%' WITH GRANT OPTION;
                GRANT SELECT ON mysql.* TO 'deployer'@'%';
                GRANT RELOAD, PROCESS, CONNECTION ADMIN ON *.* TO 'deployer'@'%'; \(users)"
                """)
        case .postgresql:
            let roles = names.map {
                "CREATE ROLE \($0) LOGIN PASSWORD '\($1)'; GRANT \($0) TO deployer;"
            }.joined(separator: " ")
            try server.root(
                """
                su - postgres -c "psql -qc \\"CREATE ROLE deployer LOGIN CREATEDB PASSWORD 'hush'; \(roles)\\""
                """)
        }
    }
}

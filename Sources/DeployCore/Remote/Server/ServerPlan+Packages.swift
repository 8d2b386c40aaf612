extension ServerPlan {
    static let quietly = ["env", "DEBIAN_FRONTEND=noninteractive"]
    static let update = [
        "apt-get", "update", "--quiet", "--error-on=any", "-o", "Acquire::http::Timeout=20",
    ]
    /// Waits for whoever else installs, as a machine does by itself in its first minutes.
    static let install =
        quietly + [
            "apt-get", "install", "--yes", "--no-remove", "--quiet", "--no-install-recommends", "-o",
            "DPkg::Lock::Timeout=300",
        ]

    /// Finishes what was left half installed, with what it lacks.
    static let mend = install + ["--fix-broken"]

    /// Nothing is brought that is not named: where apt would bring no package, none is asked for.
    func unfinished() throws(DeployError) -> ServerItem? {
        guard !facts.unfinished.isEmpty || facts.hasUnmetDependencies else { return nil }
        let found =
            facts.unfinished.isEmpty
            ? "packages lack others that they depend on" : "packages were left half installed"
        let title = "Finish packages that were left half installed"
        let configure = try FarCommand(Self.quietly + ["dpkg", "--configure", "--pending"], as: .root)
        guard let brought = facts.mending, !brought.isEmpty else {
            guard facts.unfinished.isEmpty else {
                return .lacking("dpkg", found, title, [.run(configure, .seconds(900))])
            }
            return ServerItem(
                id: "dpkg", found: found, step: nil,
                remedy:
                    "apt sees no way to mend that without removing something: run apt-get update there, then the same "
                    + "command again; if it says so again, see what apt-get install --fix-broken --simulate says there"
            )
        }
        return .lacking(
            "dpkg", found, "\(title), and bring what they lack: \(brought.joined(separator: ", "))",
            [
                // An old list names files that the mirrors have no more.
                .learn(try FarCommand(Self.update, as: .root)),
                .tryTo(configure, .seconds(900)),
                .run(try FarCommand(Self.mend, as: .root), .seconds(1200)),
            ], installs: brought)
    }

    func packages() throws(DeployError) -> ServerItem {
        let missing = wanted.filter { !facts.has($0) }
        guard !missing.isEmpty else { return .there("packages", wanted.joined(separator: ", ")) }
        return .lacking(
            "packages", "missing: \(missing.joined(separator: ", "))",
            "Install \(missing.joined(separator: ", "))",
            [
                .tryTo(try FarCommand(Self.update, as: .root)),
                .run(try FarCommand(Self.install + missing, as: .root), .seconds(1200)),
            ], installs: missing)
    }

    /// Each once, also where the definitions name what follows from them.
    private var wanted: [String] {
        var wanted = needs.packages
        for server in needs.servers
        where facts.has(server.package) || !facts.listening.contains(server.port) {
            wanted.append(server.package)
        }
        if let asks = needs.certificates {
            wanted.append(["certbot", "lego"].first { facts.has($0) } ?? asks)
        }
        if needs.needsDocker, !facts.hasCompose { wanted += containers }
        var named: Set<String> = []
        return wanted.filter { named.insert($0).inserted }
    }

    /// Every package that containers may need, on whatever system.
    static let ofContainers = [
        "docker.io", "docker-ce", "iptables", "docker-cli", "docker-compose", "docker-compose-v2",
    ]

    /// The engine, and Compose 2 where the system has it.
    private var containers: [String] {
        let engine =
            facts.has("docker-ce") ? [] : ["docker.io", "iptables"]
        if login.isUbuntu { return engine + ["docker-compose-v2"] }
        return engine + (login.release >= 13 ? ["docker-cli", "docker-compose"] : [])
    }

    func compose() -> ServerItem? {
        guard needs.needsDocker else { return nil }
        if facts.hasCompose { return .there("compose", "Compose 2 is there") }
        guard !login.isUbuntu, login.release < 13 else { return nil }
        return ServerItem(
            id: "compose", found: "\(login.system) has no Compose 2", step: nil,
            remedy: "install docker-compose-plugin as https://docs.docker.com/engine/install/debian says")
    }

    /// The engine is talked to by its group.
    func docker() throws(DeployError) -> ServerItem? {
        guard needs.needsDocker, account != "root" else { return nil }
        if facts.groups.contains(where: { $0 == "docker" }) {
            return .there("docker", "\(account) may talk to the engine")
        }
        return .lacking(
            "docker", "\(account) may not talk to the engine",
            "Let \(account) talk to the engine, by the group docker, whose members can become root",
            [.run(try FarCommand(["usermod", "--append", "--groups", "docker", account], as: .root))])
    }

    /// What a person should know or do.
    var remarks: [String] {
        var notes: [String] = []
        if facts.hasFirewall, !needs.ports.isEmpty {
            let ports = needs.ports.map { "sudo ufw allow \($0)/tcp" }.joined(separator: "; ")
            notes.append("a firewall is on there; so that visitors come in: \(ports)")
        } else if !needs.ports.isEmpty {
            let ports = needs.ports.map { "\($0)" }.joined(separator: ", ")
            notes.append("where the provider has a firewall before it, let TCP ports 22, \(ports) in")
        }
        if facts.runsNginx, needs.needsNginx {
            notes.append(
                "an nginx of the system's own runs there and is left alone; if nothing needs it: sudo systemctl disable --now nginx"
            )
        }
        if let free = facts.freeKilobytes, free < 1_000_000 {
            notes.append("the disk there has \((free * 1024).wholeMegabytes) left")
        }
        if !facts.login.hasSystemd {
            notes.append("systemd does not run there; let its init system run: deployctl boot run")
        }
        return notes
    }
}

/// What is to be changed on a machine so that it serves a project; computed from what it was found to be.
public struct ServerPlan: Sendable {
    /// In the order in which they are seen to; those that are there have no step.
    public private(set) var items: [ServerItem] = []
    /// What a person should know; nothing of it is changed.
    public private(set) var notes: [String] = []

    public var steps: [ServerStep] { items.compactMap(\.step) }

    /// Where deployctl comes from.
    public enum Program: Hashable, Sendable {
        /// A package for apt, by its path here.
        case package(String)
        /// The program that runs here, by its path.
        case binary(String)
    }

    let place: ServerPlace
    let facts: ServerFacts
    let program: Program
    /// What runs here.
    let version: ServerVersion
    /// What has a keeper started with the machine, typed here; nil while no commit has definitions.
    let boot: Command?

    init(
        _ place: ServerPlace, _ facts: ServerFacts, _ program: Program, _ version: ServerVersion,
        boot: Command?
    )
        throws(DeployError)
    {
        (self.place, self.facts, self.program, self.version, self.boot) = (
            place, facts, program, version, boot
        )
        items = try found()
        notes = remarks
    }

    /// As a person knows it.
    public var system: String { "\(login.system), \(login.machine)" }
    /// As whom it is changed.
    public var access: String {
        login.isRoot ? "as root" : "as \(login.name)\(login.maySudo ? " with sudo" : " without sudo")"
    }
    /// Whether values have to be brought there that no commit holds.
    public var asksSecrets: Bool { needs.asksSecrets }
    /// Whether a keeper is to be installed once a commit has definitions.
    public var bootWaits: Bool { boot == nil && !facts.hasBootUnit }

    /// What is typed for a step.
    public func commands(of step: ServerStep) -> [Command] { step.commands(by: login) }

    var needs: ServerNeeds { place.needs }
    var account: String { place.account }
    var login: ServerLogin { facts.login }
    var home: String { login.homes[account] ?? "/home/\(account)" }
    /// Options of `install` that give the account what is made.
    private var owned: [String] { ["-o", account, "-g", login.groups[account] ?? account] }

    private func found() throws(DeployError) -> [ServerItem] {
        var items = [try systemsNginx(), try unfinished(), try accountItem(of: account), try keys()]
        for other in needs.accounts { items.append(try accountItem(of: other)) }
        items += [
            try packages(), compose(), try docker(), try deployctl(), try lowPorts(),
            try linger(), try repository(), bootItem(),
        ]
        return items.compactMap(\.self)
    }

    private func accountItem(of name: String) throws(DeployError) -> ServerItem {
        let id = name == account ? "account" : "account \(name)"
        if let home = login.homes[name] { return .there(id, "\(name) is at \(Shown.text(home))") }
        return .lacking(
            id, "there is no account \(name)", "Make the account \(name)",
            [.run(try FarCommand(["useradd", "--create-home", "--shell", "/bin/bash", name], as: .root))])
    }

    /// Who gets in as whoever prepares it gets in as the account too.
    private func keys() throws(DeployError) -> ServerItem? {
        guard account != login.name else { return nil }
        if facts.hasKeys { return .there("keys", "\(account) has keys of its own") }
        let source = "\(login.homes[login.name] ?? "/root")/.ssh/authorized_keys"
        return .lacking(
            "keys", "nobody's key opens \(account)", "Let the keys of \(login.name) in as \(account) too",
            [
                .run(
                    try FarCommand(
                        ["install", "-d", "-m", "700"] + owned + ["\(home)/.ssh"], as: .root)),
                .run(
                    try FarCommand(
                        ["install", "-m", "600"] + owned + [source, "\(home)/.ssh/authorized_keys"],
                        as: .root)),
            ])
    }

    /// Before it is installed: a unit that is masked is not started by the package, and holds no port.
    private func systemsNginx() throws(DeployError) -> ServerItem? {
        guard needs.needsNginx, login.hasSystemd else { return nil }
        if facts.masksNginx { return .there("nginx.service", "the system starts no nginx of its own") }
        guard !facts.has("nginx") else { return nil }
        return .lacking(
            "nginx.service", "the package would start an nginx of its own at port 80",
            "Keep the system from starting an nginx of its own at port 80",
            [.run(try FarCommand(["systemctl", "mask", ServerPlace.nginx], as: .root))])
    }

    private func deployctl() throws(DeployError) -> ServerItem {
        if let there = facts.brought, version.isSame(as: there) {
            return .there("deployctl", there.sentence)
        }
        let found = facts.brought.map(\.sentence) ?? facts.refusal
        let title = "Bring \(version.sentence)"
        switch program {
        case .package(let path):
            return .lacking(
                "deployctl", found, "\(title), by the package \(Path.name(path))", try package(path),
                sweep: try FarCommand(["rm", "-f", Self.packageCopy], as: .root))
        case .binary(let path):
            return .lacking(
                "deployctl", found, "\(title), the program that runs here", try binary(path),
                sweep: try FarCommand(["rm", "-f", Self.binaryCopy], as: .root))
        }
    }

    private static let store = "/var/cache/deployctl"
    private static let packageCopy = "\(store)/deployctl.deb"
    private static let binaryCopy = "/usr/local/bin/.deployctl-new"
    private static let own = "/usr/local/bin/deployctl"
    private static let packaged = "/usr/bin/deployctl"

    private func package(_ path: String) throws(DeployError) -> [ServerStep.Work] {
        [
            .run(try FarCommand(["install", "-d", "-m", "755", Self.store], as: .root)),
            .send(file: path, try FarCommand(Self.receive(Self.packageCopy), as: .root)),
            .run(try FarCommand(Self.install + ["--reinstall", Self.packageCopy], as: .root), .seconds(900)),
            // Units that name the program of before go on with this one.
            .run(try FarCommand(["ln", "-sfn", Self.packaged, Self.own], as: .root)),
            .run(try FarCommand(["rm", "-f", Self.packageCopy], as: .root)),
        ]
    }

    private static func receive(_ path: String) -> [String] {
        ["dd", "of=\(path)", "conv=fsync", "status=none"]
    }

    /// It takes its place only once it was seen to start there.
    private func binary(_ path: String) throws(DeployError) -> [ServerStep.Work] {
        [
            .run(
                try FarCommand(Self.install + ["libsqlite3-0", "libstdc++6", "libgcc-s1"], as: .root),
                .seconds(900)),
            .send(file: path, try FarCommand(Self.receive(Self.binaryCopy), as: .root)),
            .run(try FarCommand(["chmod", "755", Self.binaryCopy], as: .root)),
            .run(try FarCommand([Self.binaryCopy, "version"])),
            .run(try FarCommand(["mv", "-f", Self.binaryCopy, Self.own], as: .root)),
        ]
    }

    private func lowPorts() throws(DeployError) -> ServerItem? {
        guard let port = needs.lowPort, account != "root" else { return nil }
        let lasting = facts.portSetting
        if let lasting, lasting.firstPort > port, lasting.comesLater {
            return ServerItem(
                id: "low ports",
                found: "\(lasting.file) has root alone open port \(port) once the machine starts again",
                step: nil, remedy: "take \(ServerPortSetting.key) out of \(lasting.file)")
        }
        if facts.firstPort <= port, let lasting, lasting.firstPort <= port {
            return .there("low ports", "accounts may open port \(port)")
        }
        // What may be opened already is not taken away.
        let first = min(port, facts.firstPort)
        return .lacking(
            "low ports",
            facts.firstPort <= port
                ? "accounts may open port \(port) until the machine starts again"
                : "root alone may open port \(port)",
            "Let accounts open ports from \(first)",
            [
                .write(
                    "net.ipv4.\(ServerPortSetting.key)=\(first)\n",
                    try FarCommand(Self.receive(ServerPlace.portSetting), as: .root)),
                .run(try FarCommand(["sysctl", "--quiet", "--load=\(ServerPlace.portSetting)"], as: .root)),
            ])
    }

    private func linger() throws(DeployError) -> ServerItem? {
        guard account != "root", login.hasSystemd else { return nil }
        if facts.lingers { return .there("linger", "what \(account) runs goes on without a session") }
        return .lacking(
            "linger", "what \(account) runs ends with its last session",
            "Let \(account)'s services run without a session",
            [.run(try FarCommand(["loginctl", "enable-linger", account], as: .root))])
    }

    private func repository() throws(DeployError) -> ServerItem {
        let folder = place.folder(home)
        if facts.hasRepository { return .there("repository", folder) }
        let own = FarCommand.Right.account(account, home: home)
        let makes: FarCommand =
            folder.begins(with: "\(home)/")
            ? try FarCommand(["mkdir", "-p", folder], as: own)
            : try FarCommand(["install", "-d", "-m", "700"] + owned + [folder], as: .root)
        return .lacking(
            "repository", "\(folder) is no repository", "Make the project's repository \(folder)",
            [
                .run(makes),
                .run(
                    try FarCommand(
                        ["git", "-C", folder, "init", "--quiet", "--initial-branch=deployctl/none"], as: own)),
            ])
    }

    private func bootItem() -> ServerItem? {
        guard login.hasSystemd, account != "root" else { return nil }
        if facts.hasBootUnit { return .there("boot", "\(place.unit) is started with the machine") }
        guard let boot else { return nil }
        return .lacking(
            "boot", "nothing starts services with the machine",
            "Bring the newest commit, and have its services kept running from when the machine starts",
            [.here(boot)])
    }
}

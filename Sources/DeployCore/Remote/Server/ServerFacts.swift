import FoundationEssentials

/// What a machine is found to be, before anything is changed on it.
struct ServerFacts {
    let login: ServerLogin
    /// Packages that are installed, of those that were asked for.
    let installed: Set<String>
    /// What dpkg has not finished; empty where all is well.
    let unfinished: String
    /// Whether a package is there without one that it depends on, which keeps apt from installing any.
    let hasUnmetDependencies: Bool
    /// What apt would bring to finish that, by name; nil where it sees no way.
    let mending: [String]?
    /// nil where deployctl is not there or does not start.
    let brought: ServerVersion?
    /// What its start printed instead.
    let refusal: String
    /// Whether the account's own manager goes on when nobody is logged in.
    let lingers: Bool
    /// Groups of the account.
    let groups: [String]
    /// Whether the system's nginx is kept from starting by itself.
    let masksNginx: Bool
    let runsNginx: Bool
    let hasCompose: Bool
    /// The lowest port that an account may open.
    let firstPort: Int
    /// The same once the machine starts again; nil where no file of it says so.
    let portSetting: ServerPortSetting?
    let freeKilobytes: Int64?
    let hasFirewall: Bool
    /// Whether the account may be logged in to by somebody's key.
    let hasKeys: Bool
    let hasRepository: Bool
    let hasBootUnit: Bool
    /// Ports that something listens on.
    let listening: Set<Int>
}

/// Which deployctl it is.
public struct ServerVersion: Hashable, Codable, Sendable {
    public let version: String
    /// nil where the build was none of a commit.
    public let commit: String?
    public let schema: Int

    public init(version: String, commit: String?, schema: Int) {
        (self.version, self.commit, self.schema) = (version, commit, schema)
    }

    /// Whether the other is as good as this one.
    func isSame(as other: ServerVersion) -> Bool {
        version == other.version && schema == other.schema
            && (commit == nil || other.commit == nil || commit == other.commit)
    }

    var sentence: String {
        let origin = commit.map { " (\($0.prefix(12)))" } ?? ""
        return "deployctl \(version)\(origin), schema \(schema)"
    }
}

extension ServerLogin {
    /// What is asked first, of whoever ssh logs in.
    static let questions = [
        ["id", "-un"], ["id", "-u"], ["sudo", "-n", "true"], ["getent", "passwd"],
        ["cat", "/etc/os-release"],
        ["uname", "-m"], ["ls", "-d", "/run/systemd/system"],
    ]
    .compactMap(Command.init(vector:))

    /// By the answers to `questions`.
    init(_ answers: [ServerQuestions.Answer]) {
        name = answers[0].text
        isRoot = answers[1].text == "0"
        maySudo = answers[2].isYes
        let accounts = answers[3].text.lines.map { $0.split(at: ":", keepsEmpty: true).map(String.init) }
            .filter { $0.count == 7 }
        homes = Dictionary(accounts.map { ($0[0], $0[5]) }) { first, _ in first }
        groups = Dictionary(accounts.map { ($0[0], $0[3]) }) { first, _ in first }
        let release = Dictionary(
            answers[4].text.lines.compactMap { line in
                String(line).cut(at: "=").map { ($0.before, String($0.after).replacing("\"", by: "")) }
            }
        ) { first, _ in first }
        families = ["ID", "ID_LIKE"].flatMap { release[$0]?.split(at: " ").map(String.init) ?? [] }
        system = release["PRETTY_NAME"].map { Shown.text($0) } ?? "a system without a name"
        self.release = release["VERSION_ID"].flatMap { Int($0.split(at: ".").first ?? "") } ?? 0
        machine = answers[5].text
        hasSystemd = answers[6].isYes
    }
}

/// What is asked second, about the account and the project.
enum ServerQuestion: CaseIterable {
    case packages, audit, dependencies, mending, version, lingering, nginxState, nginxActive, groups, plugin,
        composer,
        firstPort,
        portSetting, room
    case firewall, keys, repository, unit, listening

    func command(_ place: ServerPlace, _ login: ServerLogin) throws(DeployError) -> Command {
        let home = login.homes[place.account] ?? "/home/\(place.account)"
        let words: [String] =
            switch self {
            case .packages: ["dpkg-query", "--status"] + place.candidates
            case .audit: ["dpkg", "--audit"]
            case .dependencies: ["apt-get", "check", "--quiet", "-o", "Debug::NoLocking=true"]
            case .mending: ServerPlan.mend + ["--simulate"]
            case .version: ["deployctl", "version", "--json"]
            case .lingering: ["ls", "/var/lib/systemd/linger"]
            case .nginxState: ["systemctl", "is-enabled", ServerPlace.nginx]
            case .nginxActive: ["systemctl", "is-active", ServerPlace.nginx]
            case .groups: ["id", "-nG", place.account]
            case .plugin: ["docker", "compose", "version", "--short"]
            case .composer: ["docker-compose", "version", "--short"]
            case .firstPort: ["cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start"]
            case .portSetting:
                ["grep", "-RHs", ServerPortSetting.key] + ServerPortSetting.folders
            case .room: ["df", "-Pk", "/"]
            case .firewall: ["cat", "/etc/ufw/ufw.conf"]
            case .keys: ["test", "-s", "\(home)/.ssh/authorized_keys"]
            case .repository: ["ls", "-d", "\(place.folder(home))/.git"]
            case .unit:
                [
                    "ls", "-d",
                    "\(home)/.config/systemd/user/default.target.wants/\(place.unit)",
                ]
            case .listening: ["ss", "-ltnH"]
            }
        let right: FarCommand.Right = self == .version ? .login : login.best
        return try FarCommand(words, as: right).typed(by: login)
    }
}

extension ServerFacts {
    /// By the answers to every ``ServerQuestion`` in its order.
    init(_ login: ServerLogin, _ answers: [ServerQuestion: ServerQuestions.Answer], account: String) {
        func text(_ question: ServerQuestion) -> String { answers[question]?.text ?? "" }
        func isYes(_ question: ServerQuestion) -> Bool { answers[question]?.isYes ?? false }
        self.login = login
        installed = Self.installed(text(.packages))
        unfinished = text(.audit)
        hasUnmetDependencies = !isYes(.dependencies) && text(.dependencies).holds("nmet dependencies")
        mending = isYes(.mending) ? Self.brought(text(.mending)) : nil
        let line = text(.version).lines.last { $0.begins(with: "{") }
        brought = line.flatMap {
            try? JSON.value(ServerVersion.self, from: Data($0.utf8), named: "the version")
        }
        let said = text(.version)
        refusal = said.isEmpty || said.holds("not found") ? "it is not there" : String(said.firstLine)
        lingers = isYes(.lingering) && text(.lingering).lines.contains { $0.trimmed == account }
        groups = text(.groups).split(at: " ").map(String.init)
        masksNginx = text(.nginxState).firstLine == "masked"
        runsNginx = text(.nginxActive).firstLine == "active"
        hasCompose = [.plugin, .composer].contains {
            isYes($0) && Int(text($0).split(at: ".").first?.replacing("v", by: "") ?? "") ?? 0 >= 2
        }
        firstPort = Int(text(.firstPort)) ?? 1024
        portSetting = ServerPortSetting(text(.portSetting))
        freeKilobytes = text(.room).lines.last.flatMap { line in
            let words = line.split(at: " ")
            return words.count >= 6 ? Int64(words[3]) : nil
        }
        hasFirewall = text(.firewall).lines.contains { $0.trimmed == "ENABLED=yes" }
        (hasKeys, hasRepository, hasBootUnit) = (isYes(.keys), isYes(.repository), isYes(.unit))
        listening = Set(
            text(.listening).lines.compactMap { line in
                let words = line.split(at: " ")
                return words.count > 3 ? String(words[3]).cutLast(at: ":").flatMap { Int($0.after) } : nil
            })
    }

    /// Whether a package is installed.
    func has(_ package: String) -> Bool { installed.contains(package) }

    /// Names in what dpkg says of packages, of those that are there as a whole.
    static func installed(_ text: String) -> Set<String> {
        var (found, name): (Set<String>, String?) = ([], nil)
        for line in text.lines {
            if let next = String(line).after("Package: ") { name = String(next) }
            // One that is held is there too.
            if line.begins(with: "Status: "), line.ends(with: " ok installed"), let name {
                found.insert(name)
            }
        }
        return found
    }

    /// Names in what apt says that it would install, each once.
    private static func brought(_ text: String) -> [String] {
        var names: [String] = []
        for line in text.lines {
            let words = line.split(at: " ")
            guard words.count > 1, words[0] == "Inst" else { continue }
            let name = Shown.text(String(words[1]))
            if !names.contains(where: { $0 == name }) { names.append(name) }
        }
        return names
    }
}

import FoundationEssentials

/// Checks the machine for one project: programs, folders, room, secrets, state.
public struct MachineCheck: Sendable {
    let workspace: Workspace
    let definitions: DefinitionLoader
    let keeper: Finding?

    private var ports: Ports { workspace.ports }
    private var project: String { workspace.project }

    /// `keeper`: what is to be said of who keeps services running; nil where nothing is.
    public init(_ workspace: Workspace, definitions: DefinitionLoader, keeper: Finding?) {
        self.workspace = workspace
        self.definitions = definitions
        self.keeper = keeper
    }

    /// Every check, passed ones included.
    public func all() throws(DeployError) -> [Finding] {
        let environments = try definitions.loadAll()
        var reports = programs(environments) + [user(environments), stateFolder, state()]
        for runtime in ServiceRuntimes.used(by: environments) { reports += runtime.findings(ports.commands) }
        reports += ClientCheck(commands: ports.commands).all(environments)
        reports += [keeper, KitCheck(ports: ports, project: project).finding].compactMap(\.self)
        for environment in environments {
            let site = workspace.site(environment)
            let layout = site.layout
            reports += SourceCheck(site: site).all() + CommitCheck(site).findings
            reports += [
                PortCheck(site: site).finding, PortCheck(site: site).right, NamesCheck(site: site).finding,
                AccountCheck(site: site).finding, LimitsCheck(site: site).finding,
                CertificateCheck(site: site).finding, LogTargetCheck(site: site).finding,
            ].compactMap(\.self)
            reports += DatabaseCheck(site: site).all()
            reports += [socketRoom(layout), diskRoom(layout)] + secrets(environment)
            reports += EncryptionCheck(ports: ports).all(layout)
        }
        return reports
    }

    private struct Program {
        var name: String
        var arguments: [String]
        var needed: Bool
        var purpose: String
        var package: String
    }

    private func programs(_ environments: [Environment]) -> [Finding] {
        let needsEdge = environments.contains {
            $0.runtime.strategy != .recreate && (!$0.ports.isEmpty || !$0.hosts.isEmpty)
        }
        let programs = [
            Program(
                name: "git", arguments: ["--version"], needed: true, purpose: "to build releases",
                package: "git"),
            Program(
                name: "tar", arguments: ["--version"], needed: true, purpose: "to unpack releases",
                package: "tar"),
            Program(
                name: "sync", arguments: ["--version"], needed: true, purpose: "to bring releases to disk",
                package: "coreutils"),
            Program(
                name: "curl", arguments: ["--version"], needed: true,
                purpose: "to ask services whether they are healthy", package: "curl"),
            Program(
                name: "nginx", arguments: ["-v"], needed: needsEdge, purpose: "to move traffic without a gap",
                package: "nginx"),
        ]
        let results = ports.commands.runTogether(
            programs.map { CommandRequest(Command($0.name, $0.arguments), deadline: .seconds(5)) })
        return zip(programs, results).map { program, result in
            let said =
                (result.output + result.errors).lines.first.map(String.init)
                ?? ""
            if result.succeeded { return Finding(id: program.name, verdict: .passed(Self.version(in: said))) }
            if result.wasOneTooMany {
                return Finding(
                    id: program.name,
                    verdict: .refused(
                        "cannot be started: \(CommandResult.tooManyProcesses)",
                        next: "end what is not needed, or raise the limit: ps -e -o user= | sort | uniq -c"))
            }
            let why = "missing, needed \(program.purpose): \(result.explanation)"
            let next = "apt-get install \(program.package)"
            return Finding(
                id: program.name,
                verdict: program.needed ? .refused(why, next: next) : .warned(why, next: next))
        }
    }

    /// The words up to the number; what a program says of its libraries is of no use here.
    static func version(in line: String) -> String {
        let words = line.split(at: " ")
        let number = words.firstIndex { $0.utf8.contains { (48...57).contains($0) } } ?? words.count - 1
        return words.prefix(number + 1).joined(separator: " ")
    }

    private func user(_ environments: [Environment]) -> Finding {
        guard ports.processes.runsAsRoot else {
            return Finding(id: "user", verdict: .passed("an ordinary user"))
        }
        let served = environments.lazy.compactMap { workspace.site($0).filesServedByRoot }.first
        return Finding(
            id: "user",
            verdict: .warned(
                "root: services run as root too"
                    + (served.map { ", and it reads static files: \($0.why)" } ?? ""),
                next: served?.next ?? "run deployctl as a user of its own"))
    }

    private var stateFolder: Finding {
        let path = Layout.tool(project)
        guard let permissions = ports.files.permissions(of: path) else {
            return Finding(id: "folder", verdict: .passed("\(path) is made by the first deployment"))
        }
        guard permissions.ownedByUser, permissions.mode & 0o066 == 0 else {
            return Finding(
                id: "folder",
                verdict: .refused("\(path) is open to other users or owned by one", next: "chmod 700 \(path)")
            )
        }
        return Finding(id: "folder", verdict: .passed("\(path) is for its owner only"))
    }

    private func state() -> Finding {
        do throws(DeployError) {
            try ports.state.requireWhole()
            let count = try ports.state.deployments(of: nil, limit: 100_000).count
            return Finding(
                id: "state", verdict: .passed("\(count) deployment\(count == 1 ? "" : "s") recorded"))
        } catch {
            return Finding(id: "state", verdict: .refused("\(error.what): \(error.why)", next: error.next))
        }
    }

    private func socketRoom(_ layout: Layout) -> Finding {
        let bytes = layout.longestSocket.utf8.count
        let id = "\(layout.environment.name) sockets"
        guard bytes <= Layout.socketPathLimit else {
            return Finding(
                id: id,
                verdict: .refused(
                    "paths need \(bytes) bytes, the kernel allows \(Layout.socketPathLimit)",
                    next:
                        "set \"runtime\": {\"kind\": \"process\", \"sockets\": \"/run/\(layout.environment.project)\"}"
                ))
        }
        return Finding(id: id, verdict: .passed("paths need \(bytes) of \(Layout.socketPathLimit) bytes"))
    }

    private func diskRoom(_ layout: Layout) -> Finding {
        let id = "\(layout.environment.name) room"
        guard let free = ports.files.freeBytes(at: layout.backups) else {
            return Finding(
                id: id,
                verdict: .refused(
                    "the free space of \(layout.backups) is not known", next: "df \(layout.backups)"))
        }
        if let full = FullDisks(site: workspace.site(layout.environment)).sentence {
            return Finding(
                id: id, verdict: .refused(full, next: "df -h \(layout.backups); df -i \(layout.backups)"))
        }
        let gigabyte: Int64 = 1_000_000_000
        guard free >= gigabyte else {
            return Finding(
                id: id,
                verdict: .warned("\(free.wholeMegabytes) free at \(layout.backups)", next: "free space"))
        }
        return Finding(id: id, verdict: .passed("\(free.wholeMegabytes) free at \(layout.backups)"))
    }

    private func secrets(_ environment: Environment) -> [Finding] {
        environment.allSecrets.sorted { $0.key < $1.key }.map { name, source in
            let id = "\(environment.name) secret \(name)"
            do throws(DeployError) {
                _ = try ports.secrets.fetch(source, named: name)
                return Finding(id: id, verdict: .passed("can be read"))
            } catch {
                let error = workspace.site(environment).settable(error, source)
                return Finding(id: id, verdict: .refused("\(error.what): \(error.why)", next: error.next))
            }
        }
    }
}

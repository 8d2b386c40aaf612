/// Checks what containers and databases need of this machine.
struct EngineCheck {
    let commands: any CommandRunner

    func all(_ environments: [Environment]) -> [Finding] {
        let needsEngine = environments.contains { $0.runtime.kind == .compose }
        return (needsEngine ? [engine, compose, membership] : []) + clients(environments)
    }

    private var engine: Finding {
        let format = "client {{.Client.Version}}, engine {{.Server.Version}}"
        let result = commands.run(
            CommandRequest(Command("docker", ["version", "--format", format]), deadline: .seconds(10)))
        guard result.succeeded else {
            let isThere = commands.has("docker")
            return Finding(
                id: "docker",
                verdict: .refused(
                    isThere
                        ? "the engine does not answer: \(result.explanation)"
                        : "missing, needed to run containers",
                    next: isThere ? "systemctl start docker" : "apt-get install docker.io"))
        }
        return Finding(id: "docker", verdict: .passed(result.output.filter { !$0.isNewline }))
    }

    private var compose: Finding {
        guard let version = ComposeCommands(commands: commands).version else {
            return Finding(
                id: "compose",
                verdict: .refused(
                    "missing, needed to read Compose files", next: "apt-get install docker-compose-plugin"))
        }
        guard ComposeCommands.isRecent(version) else {
            let error = ComposeCommands.tooOld(version)
            return Finding(
                id: "compose", verdict: .refused("\(error.what): \(error.why)", next: error.next))
        }
        return Finding(id: "compose", verdict: .passed(version))
    }

    /// Who may talk to the engine may do anything.
    private var membership: Finding {
        let result = commands.run(CommandRequest(Command("id", ["-nG"]), deadline: .seconds(5)))
        guard result.output.split(whereSeparator: \.isWhitespace).contains("docker") else {
            return Finding(id: "docker group", verdict: .passed("not a member"))
        }
        return Finding(
            id: "docker group",
            verdict: .warned(
                "a member of group docker is as powerful as root",
                next: "let nobody else use this account, or run the engine rootless"))
    }

    private func clients(_ environments: [Environment]) -> [Finding] {
        let databases = environments.compactMap(\.database)
        guard !databases.isEmpty else { return [] }
        let onMachine = Set(databases.filter { $0.service == nil }.map(\.engine))
        var reports = [report(["zstd"], purpose: "to pack backups", package: "zstd")]
        if onMachine.contains(.sqlite) {
            reports.append(report(["cmp"], purpose: "to compare packed backups", package: "diffutils"))
        }
        if onMachine.contains(.mysql) {
            reports.append(
                report(["mariadb", "mysql"], purpose: "to reach the database", package: "mariadb-client"))
            reports.append(
                report(["mariadb-dump", "mysqldump"], purpose: "to back it up", package: "mariadb-client"))
        }
        if onMachine.contains(.postgresql) {
            reports += ["psql", "pg_dump", "pg_restore"].map {
                report([$0], purpose: "to back up and restore the database", package: "postgresql-client")
            }
        }
        return reports
    }

    private func report(_ programs: [String], purpose: String, package: String) -> Finding {
        guard let found = programs.first(where: commands.has) else {
            return Finding(
                id: programs[0],
                verdict: .refused("missing, needed \(purpose)", next: "apt-get install \(package)"))
        }
        return Finding(id: programs[0], verdict: .passed(found))
    }
}

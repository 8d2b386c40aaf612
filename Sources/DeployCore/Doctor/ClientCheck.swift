/// Checks which programs backups and databases need of this machine.
struct ClientCheck {
    let commands: any CommandRunner

    func all(_ environments: [Environment]) -> [Finding] {
        let databases = environments.compactMap(\.database)
        guard !databases.isEmpty else { return [] }
        let onMachine = Set(databases.filter { $0.service == nil }.map(\.engine))
        var reports = [report(["zstd"], purpose: "to pack backups", package: "zstd")]
        if onMachine.contains(.sqlite) {
            reports.append(report(["cmp"], purpose: "to compare packed backups", package: "diffutils"))
        }
        if onMachine.contains(.mysql) {
            reports.append(
                report(DatabaseClients.mysql, purpose: "to reach the database", package: "mariadb-client"))
            reports.append(
                report(DatabaseClients.mysqlDump, purpose: "to back it up", package: "mariadb-client"))
        }
        if onMachine.contains(.postgresql) {
            reports += ["psql", "pg_dump", "pg_restore"].map {
                report([$0], purpose: "to back up and restore the database", package: "postgresql-client")
            }
        }
        return reports
    }

    /// - Throws: `.gateRefused`, where a program is missing without which no backup of a server's database is made.
    func refuseMissing(_ environment: Environment) throws(DeployError) {
        guard let database = environment.database, database.engine != .sqlite, database.service == nil else {
            return
        }
        for finding in all([environment]) where finding.verdict.kind == .refused {
            throw DeployError(
                .gateRefused, what: "\(finding.id) is not installed",
                why: "it is needed for the backup that comes first; nothing was changed",
                next: "\(finding.verdict.next), then run the same command again")
        }
    }

    private func report(_ programs: [String], purpose: String, package: String) -> Finding {
        guard let found = programs.first(where: commands.has) else {
            return Finding(
                id: programs[0],
                verdict: .refused("missing, needed \(purpose)", next: "apt-get install \(package)"))
        }
        return Finding(id: programs[0], verdict: .passed(found == programs[0] ? "installed" : found))
    }
}

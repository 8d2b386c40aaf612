/// The programs through which an environment's database is reached.
///
/// A plan prints their names; their arguments are the adapter's own, and a client that only asks is started as often as
/// there are questions.
struct DatabasePrograms {
    /// What is done with a database.
    enum Work {
        case asking, taking, restoring, copying
        /// Reading back what was taken, where no restore does it.
        case checking
    }

    let layout: Layout

    /// What is started for any of this; nothing without a database.
    func calls(_ work: Work...) -> [ProgramCall] { calls(work) }

    func calls(_ work: [Work]) -> [ProgramCall] {
        guard let database = layout.environment.database else { return [] }
        var calls: [ProgramCall] = []
        for call in work.flatMap({ self.calls(of: database.engine, $0) }) where !calls.contains(call) {
            calls.append(call)
        }
        return calls
    }

    private func calls(of engine: Environment.Database.Engine, _ work: Work) -> [ProgramCall] {
        let (pack, unpack) = (ZstdCommands.packing, ZstdCommands.unpacking("{payload}"))
        return switch (engine, work) {
        case (.sqlite, .asking), (.sqlite, .copying): []
        case (.sqlite, .taking): [Command("cat", ["--", "{file}"]), pack].calls
        case (.sqlite, .checking): [unpack, Command("cmp", ["--", "{file}", "-"])].calls
        case (.sqlite, .restoring): [Command("cat"), ZstdCommands.unpacking].calls
        case (.mysql, .checking): [unpack].calls
        case (.mysql, .asking): clients(DatabaseClients.mysql)
        case (.mysql, .taking): self.calls(of: engine, .copying) + [pack].calls
        case (.mysql, .restoring): [unpack].calls + clients(DatabaseClients.mysql)
        case (.mysql, .copying): clients(DatabaseClients.mysql) + clients(DatabaseClients.mysqlDump)
        case (.postgresql, .asking), (.postgresql, .copying): clients(["psql"])
        case (.postgresql, .checking): [unpack].calls + clients(["pg_restore"])
        case (.postgresql, .taking):
            clients(["psql"]) + clients(["pg_dump"]) + [pack, unpack].calls + clients(["pg_restore"])
        case (.postgresql, .restoring): [unpack].calls + clients(["pg_restore"]) + clients(["psql"])
        }
    }

    /// The first of these programs that is there, where it runs.
    private func clients(_ names: [String]) -> [ProgramCall] {
        let found = names.flatMap { name in
            let calls = [place(name)].calls
            return names.count == 1
                ? calls : calls.when(name == names[0] ? "\(name) is there" : "\(names[0]) is not there")
        }
        return isInContainer ? Self.findingContainer + found : found
    }

    private var isInContainer: Bool { layout.environment.database?.service != nil }

    private func place(_ program: String) -> Command {
        isInContainer
            ? Command("docker", ["exec", "{options…}", "{container}", program, "{arguments…}"])
            : Command(program, ["{arguments…}"])
    }

    private static let findingContainer = [Command("docker", ["ps", "{arguments…}"])].calls
        .when("its container is not known yet")
}

/// Programs of which one or the other is installed, the better first.
public enum DatabaseClients {
    public static let mysql = ["mariadb", "mysql"]
    public static let mysqlDump = ["mariadb-dump", "mysqldump"]
}

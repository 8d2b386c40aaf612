/// Whether anything of the newest commit reads where the database is.
///
/// A program that does not keeps its rows elsewhere, and what is backed up and taken back is empty.
struct DatabaseMention {
    let site: Site
    let git: GitCommands

    private var environment: Environment { site.environment }

    var findings: [Finding] {
        guard let database = environment.database, !environment.serviceRuntime.isolates,
            !environment.appServices.isEmpty, environment.linkedFiles.isEmpty, !isHandedOver
        else { return [] }
        let names = variables(database)
        let results = site.ports.commands.runTogether(
            [git.mentions(names + Self.readers), git.entries(["manage.py", "artisan"])].map {
                GitCommands.request($0)
            })
        guard results[0].ending == .exited(1) else { return [] }
        return [
            Finding(
                id: "\(environment.name) database unread",
                verdict: .warned(
                    "nothing in the commit reads \(names.joined(separator: " or ")): the application may keep its rows in another database than the one that is backed up",
                    next: advice(results[1].output)))
        ]
    }

    private func variables(_ database: Environment.Database) -> [String] {
        let parts = ["DATABASE_HOST", "DATABASE_NAME", "DATABASE_USER", "DATABASE_PASSWORD"]
        return ["DATABASE_URL"] + (database.engine == .sqlite ? [] : parts)
    }

    /// Whether the definition itself hands it to the program.
    private var isHandedOver: Bool {
        let services = environment.appServices.flatMap { $0.command + Array($0.variables.values) }
        return (services + Array(environment.variables.values)).contains { $0.holds("DATABASE_") }
    }

    private func advice(_ entries: String) -> String {
        if entries.holds("\tmanage.py") {
            return "Django reads no DATABASE_URL by itself: let its settings do so, as dj-database-url does"
        }
        if entries.holds("\tartisan") {
            return "write 'url' => env('DATABASE_URL') into the connection in config/database.php"
        }
        return "let the application read DATABASE_URL, or hand it over in its command"
    }

    /// What reads the variable without a mention of it.
    private static let readers = [
        "dj-database-url", "dj_database_url", "django-environ", "environ.Env", "rails", "activerecord",
    ]
}

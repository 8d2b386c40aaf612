/// The first definitions of an application: what was found and what was answered, written down.
struct FirstDefinitions {
    let sketch: ApplicationSketch
    let answers: OutsetAnswers

    static let environments = ["staging", "production"]

    private var hasServer: Bool { answers.engine == .mysql || answers.engine == .postgresql }

    /// What both have in common.
    var base: String {
        var keys: [(String, WrittenKey)] = [("project", .text(answers.project))]
        if let host = answers.host { keys.append(("host", .text(host))) }
        if let file = sketch.composeFile {
            keys.append(("runtime", .object([("kind", .text("compose")), ("file", .text(file))])))
        }
        if !sketch.build.isEmpty { keys.append(("build", .rows(sketch.build.map(WrittenKey.words)))) }
        keys.append(("services", .lines(services)))
        if !sketch.variables.isEmpty {
            keys.append(("variables", .object(sketch.variables.map { ($0.name, .text($0.value)) })))
        }
        if !sketch.shared.isEmpty { keys.append(("shared", .words(sketch.shared))) }
        if !sketch.release.isEmpty { keys.append(("release", .rows(sketch.release.map(WrittenKey.words)))) }
        if let migrations { keys.append(("migrations", migrations)) }
        if let database { keys.append(("database", database)) }
        if hasServer {
            keys.append(("sharedOnPurpose", .words(["database.server", "database.admin.password"])))
        }
        if !sketch.kept.isEmpty {
            let database = answers.engine == nil ? [] : ["database"]
            keys.append(("backup", .object([("include", .words(database + sketch.kept))])))
        }
        if let page = sketch.fallback { keys.append(("front", .object([("fallback", .text(page))]))) }
        return "// What staging and production have in common. deployctl schema lists every key.\n"
            + WrittenKey.file(keys)
    }

    /// What one environment has of its own.
    func own(_ environment: String) -> String {
        let isProduction = environment == Self.environments[1]
        var keys: [(String, WrittenKey)] = [("extends", .text("base.json"))]
        var ports: [(String, WrittenKey)] = [
            ("http", .number(isProduction ? answers.productionPort : answers.stagingPort))
        ]
        if let first = sketch.data.isEmpty ? nil : isProduction ? 15_100 : 15_000 {
            ports += sketch.data.enumerated().map { ($1, .number(first + $0)) }
        }
        keys.append(("ports", .object(ports)))
        if hasServer {
            let name = databaseName(environment)
            keys.append(
                (
                    "database",
                    .object([
                        ("name", .text(name)), ("user", .text(name)),
                        ("password", file("\(environment)/database")),
                    ])
                ))
        }
        if !sketch.secrets.isEmpty {
            keys.append(
                ("secrets", .lines(sketch.secrets.map { ($0.name, file("\(environment)/\($0.name)")) })))
        }
        if isProduction {
            keys.append(("branches", .words([answers.branch])))
            keys.append(("promotion", .object([("from", .text(Self.environments[0]))])))
        }
        return WrittenKey.file(keys)
    }

    /// Private files by path below the project, with what each holds; `chance` makes it.
    func secrets(_ chance: () -> String) -> [(path: String, text: String)] {
        var found: [(path: String, text: String)] = hasServer ? [(".secrets/deployer", chance())] : []
        for (number, environment) in Self.environments.enumerated() {
            if hasServer { found.append((".secrets/\(environment)/database", chance())) }
            found += sketch.secrets.map { secret in
                let value =
                    switch secret.value {
                    case .random(let prefix): prefix + chance()
                    case .foreign: chance()
                    case .numbered(let stem): "\(stem)\(number)"
                    }
                return (".secrets/\(environment)/\(secret.name)", value)
            }
        }
        return found
    }

    /// Each private file with the names that `secret set` knows it by.
    var sent: [(environment: String, name: String, path: String)] {
        Self.environments.enumerated().flatMap { number, environment in
            var found: [(environment: String, name: String, path: String)] = []
            if hasServer {
                found.append((environment, "database.password", ".secrets/\(environment)/database"))
                if number == 0 { found.append((environment, "database.admin.password", ".secrets/deployer")) }
            }
            return found + sketch.secrets.map { (environment, $0.name, ".secrets/\(environment)/\($0.name)") }
        }
    }

    private var services: [(String, WrittenKey)] {
        var services = sketch.services.map { ($0.name, self.service($0)) }
        services += sketch.data.map { ($0, .object([("role", .text("data"))])) }
        var routes = sketch.routes
        if !routes.contains(where: { $0.path == "/" }), let web = sketch.web {
            routes.append(.init(path: "/", target: web.name))
        }
        if !routes.isEmpty {
            services.append(
                (
                    "front",
                    .object([
                        ("role", .text("edge")),
                        ("routes", .object(routes.map { ($0.path, .text($0.target)) })),
                    ])
                ))
        }
        return services
    }

    private func service(_ service: ApplicationSketch.Service) -> WrittenKey {
        var keys: [(String, WrittenKey)] = [("role", .text("app"))]
        if !service.listens, sketch.composeFile == nil { keys.append(("listen", .text("none"))) }
        if let root = service.fastCGIRoot {
            keys += [("protocol", .text("fastcgi")), ("listen", .text("socket")), ("root", .text(root))]
        }
        if !service.command.isEmpty { keys.append(("command", .words(service.command))) }
        if service.listens { keys.append(("health", .object([("path", .text(service.health ?? "/"))]))) }
        if !service.overlap { keys.append(("overlap", .flag(false))) }
        return .object(keys)
    }

    private var migrations: WrittenKey? {
        switch answers.engine == nil ? nil : sketch.migrations {
        case .directory(let folder): .object([("directory", .text(folder))])
        case .command(let command, let status):
            .object(
                [("command", WrittenKey.words(command))] + (status.map { [("status", .words($0))] } ?? []))
        case nil: nil
        }
    }

    private var database: WrittenKey? {
        switch answers.engine {
        case nil: return nil
        case .sqlite: return .object([("engine", .text("sqlite")), ("file", .text("app.db"))])
        case .mysql, .postgresql:
            let admin = WrittenKey.object([("user", .text("deployer")), ("password", file("deployer"))])
            return .object([("engine", .text(answers.engine?.rawValue ?? "")), ("admin", admin)])
        }
    }

    /// At most 37 bytes, so that copies beside it can have longer names.
    private func databaseName(_ environment: String) -> String {
        "\(String(answers.project.utf8.prefix(26)) ?? "app")_\(environment)".replacing("-", by: "_")
    }

    private func file(_ name: String) -> WrittenKey { .object([("file", .text(".secrets/\(name)"))]) }
}

/// What stands in a definition, in the order a person would write it.
private indirect enum WrittenKey {
    case text(String)
    case number(Int)
    case flag(Bool)
    case words([String])
    case object([(String, WrittenKey)])
    /// An object or a list of which each member has a line of its own.
    case lines([(String, WrittenKey)])
    case rows([WrittenKey])

    /// The whole file.
    static func file(_ keys: [(String, WrittenKey)]) -> String {
        "{\n" + keys.map { "  \(JSONString.quoted($0.0)): \($0.1.written),\n" }.joined() + "}\n"
    }

    private var written: String {
        switch self {
        case .text(let text): JSONString.quoted(text)
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .words(let words): "[" + words.map(JSONString.quoted).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(JSONString.quoted($0.0)): \($0.1.written)" }.joined(separator: ", ") + "}"
        case .lines(let members):
            "{\n" + members.map { "    \(JSONString.quoted($0.0)): \($0.1.written),\n" }.joined() + "  }"
        case .rows(let rows): "[\n" + rows.map { "    \($0.written),\n" }.joined() + "  ]"
        }
    }
}

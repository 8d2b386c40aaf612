import FoundationEssentials

/// Reads the project's own Compose file as one environment sees it.
struct ComposeProject {
    let context: StepContext

    private var environment: Environment { context.environment }
    private var layout: Layout { context.layout }
    private var name: String { Self.name(in: layout) }

    /// What `read` starts.
    static func programs(_ folder: String, in layout: Layout) -> [ProgramCall] {
        [owner(in: layout)].calls + ComposeTool.programs(source(in: layout, interpolating: true))
            + ComposeTool.programs(source(in: layout, interpolating: false)).when(
                "the Compose file includes others")
            + ComposeTool.programs(config(of: folder, in: layout))
            + ComposeTool.programs(config(of: folder, in: layout) + ["--no-interpolate"]).when(
                "a variable has no value")
    }

    private static func source(in layout: Layout, interpolating: Bool) -> [String] {
        ComposeCommands.config(layout.environment.composeProject, file: "-", interpolating: interpolating)
    }

    private static func owner(in layout: Layout) -> Command {
        Command("stat", ["--format", "%u:%g", "--", layout.shared])
    }

    private static func config(of folder: String, in layout: Layout) -> [String] {
        ComposeCommands.config(layout.environment.composeProject, file: "\(folder)/\(name(in: layout))")
    }

    /// Relative to the project.
    static func name(in layout: Layout) -> String { layout.environment.runtime.file ?? "compose.yml" }

    /// The file of a release folder, resolved by the engine's own parser, with nothing in it that is refused.
    ///
    /// `secrets`: where they will lie. Without a release for what outlives all of them.
    func read(in folder: String, secrets: String, release: Timestamp?, database: DatabaseLocation?)
        throws(DeployError) -> ComposeUnit
    {
        let path = "\(folder)/\(name)"
        let tool = context.ports.files.linkTarget(Layout.tool(layout.project)).map {
            [Path.joined(layout.project, $0)]
        }
        let ground = ComposeGround(
            files: context.ports.files, release: folder, shared: layout.shared, secrets: secrets,
            features: environment.features.isEmpty ? nil : layout.features,
            closed: [layout.project, layout.backups, layout.logs] + (tool ?? []))
        let variables = try variables(secrets: secrets, release: release, database: database)
        var sources = ComposeSources(ground: ground) { document, name, interpolating throws(DeployError) in
            try parsed(
                Self.source(in: layout, interpolating: interpolating), variables, name: name, input: document)[
                    ComposeSources.key] ?? .null
        }
        try sources.check(path)
        guard let committed = try context.ports.files.read(name, beneath: folder) else {
            throw DeployError(
                .invalidDefinition, what: "The release has no \(name)",
                why: "the definition's \"runtime\" names it, and the commit does not have it",
                next: "commit it, or change \"runtime.file\" in environments/\(environment.name).json")
        }
        let text = String(decoding: committed, as: UTF8.self)
        let arguments = Self.config(of: folder, in: layout)
        let result = try resolved(arguments, variables, name: name)
        let tree = try tree(of: result, name: name)
        let blank = BlankVariables(complaint: result.errors)
        if !blank.names.isEmpty {
            try blank.refuse(
                in: parsed(arguments + ["--no-interpolate"], variables, name: name), of: name, environment,
                text)
        }
        var file = ComposeFile(name: name, tree: tree, ground: ground, text: text)
        file.tree = try SharedMounts(
            environment: environment, shared: layout.shared, release: folder, file: file
        ).moved()
        let unit = ComposeUnit(file: file, environment: environment)
        try unit.check()
        return unit
    }

    private func parsed(
        _ arguments: [String], _ variables: [String: String], name: String, input: String? = nil
    ) throws(DeployError) -> JSONTree {
        try tree(of: resolved(arguments, variables, name: name, input: input), name: name)
    }

    private func tree(of result: CommandResult, name: String) throws(DeployError) -> JSONTree {
        try JSON.value(JSONTree.self, from: Data(result.output.utf8), named: "The resolved \(name)")
    }

    /// What Compose would take besides when it is run by hand, as sentences.
    func leftOut(of folder: String) -> [String] {
        let hasValues = [folder, layout.project].contains {
            context.ports.files.kind(of: "\($0)/.env") == .file
        }
        return overrides(in: folder).map { "\($0) is not merged" }
            + (hasValues
                ? [".env is not read; values for \(name) stand in \"variables\" of the definition"] : [])
    }

    private func overrides(in folder: String) -> [String] {
        let usual = ["compose.yml", "compose.yaml", "docker-compose.yml", "docker-compose.yaml"]
        guard usual.contains(where: { $0 == name }) else { return [] }
        return ["compose", "docker-compose"].flatMap { base in
            ["yml", "yaml"].map { "\(base).override.\($0)" }
        }
        .filter { context.ports.files.kind(of: "\(folder)/\($0)") != nil }
    }

    private func resolved(
        _ arguments: [String], _ variables: [String: String], name: String, input: String? = nil
    ) throws(DeployError) -> CommandResult {
        let result = try ComposeTool(commands: context.ports.commands).parse(
            arguments, variables: variables, input: input)
        guard result.succeeded else {
            throw DeployError(
                .invalidDefinition, what: "Compose refuses \(name)",
                why: ComposeRefusal(result: result, name: name).words,
                next: "edit \(name); docker compose config says more")
        }
        return result
    }

    private func variables(secrets: String, release: Timestamp?, database: DatabaseLocation?)
        throws(DeployError)
        -> [String: String]
    {
        var variables = [
            "DEPLOYCTL_ENVIRONMENT": environment.name, "DEPLOYCTL_SHARED": layout.shared,
            "DEPLOYCTL_SECRETS": secrets, "DEPLOYCTL_USER": try owner(),
        ]
        if !environment.features.isEmpty { variables["DEPLOYCTL_FEATURES"] = layout.features }
        if let release {
            variables["DEPLOYCTL_RELEASE"] = release.description
            variables["DEPLOYCTL_COMMIT"] = context.plan.commit
        }
        let known = Placeholders(release: release, environment: environment.name)
        variables.merge(ServiceVariables.plain(environment, known)) { own, _ in own }
        variables["DATABASE_NAME"] = database?.name ?? environment.reachedDatabase?.name
        variables["DATABASE_USER"] = environment.reachedDatabase?.user
        for service in environment.services {
            guard let port = environment.ports[service.name] else { continue }
            variables["PORT_\(service.name.uppered.replacing("-", by: "_"))"] = "\(port)"
        }
        return variables
    }

    /// Who owns the shared folder, as `uid:gid`.
    private func owner() throws(DeployError) -> String {
        try context.ports.files.makeFolder(layout.shared)
        let mounted = environment.composeServices.flatMap(\.mounts.values)
        for folder in (environment.sharedFolders + mounted).sorted() {
            try context.ports.files.makeFolder("\(layout.shared)/\(folder)")
        }
        let result = try context.run(
            CommandRequest(Self.owner(in: layout)),
            because: "The owner of \(layout.shared) is not known")
        return String(result.output.trimmed)
    }

    /// What containers of a release get as environment; no secret among it.
    func containerVariables(
        _ file: ComposeFile, release: Timestamp, database: DatabaseLocation?
    ) throws(DeployError) -> [String: String] {
        var variables = try ServiceVariables.variables(
            context, release: release, database: nil, instance: nil)
        // The file of them lies where the Compose file mounts it.
        variables.merge(try FeaturePlace(site: context.site).variables()) { $1 }
        guard let definition = environment.reachedDatabase else { return variables }
        if definition.engine != .sqlite {
            let server = server(file)
            variables["DATABASE_HOST"] = server?.host ?? definition.host ?? "127.0.0.1"
            variables["DATABASE_PORT"] = (server?.port ?? environment.databasePort).map { "\($0)" }
            variables["DATABASE_USER"] = definition.user
            variables["DATABASE_NAME"] = database?.name ?? definition.name
        }
        return variables
    }

    /// The secrets an application may know, its database's address among them.
    func applicationSecrets(_ file: ComposeFile, database: DatabaseLocation?) -> [String: String] {
        var secrets = context.applicationSecrets
        if let database = database ?? environment.databaseElsewhere {
            secrets[Environment.DatabaseSecret.url] = ServiceVariables.databaseURL(
                context, database, at: server(file))
        }
        return secrets
    }

    /// Where containers reach the database's server; nil when it is none of the project's services.
    private func server(_ file: ComposeFile) -> (host: String, port: Int)? {
        guard let definition = environment.database, let service = definition.service else { return nil }
        return (service, file.containerPort(of: service) ?? definition.engine.defaultPort)
    }
}

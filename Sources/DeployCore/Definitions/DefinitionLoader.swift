/// Loads environments from the definition files of one folder.
public struct DefinitionLoader: Sendable {
    let source: DefinitionFiles

    /// What this machine is called in "host"; nil where no command came here under a name.
    let machine: String?

    /// Without a slash at the end.
    var folder: String { source.folder }

    public init(files: any FileStore, folder: String, machine: String? = nil) {
        self.machine = machine
        var folder = folder
        while folder.utf8.count > 1, folder.ends(with: "/") { folder.removeLast() }
        source = DefinitionFiles(files: files, folder: folder)
    }

    /// One environment, after `extends` and defaults.
    ///
    /// - Throws: `.notFound` when there is no such environment; `.invalidDefinition` with every problem
    ///   of its files.
    public func load(_ name: String) throws(DeployError) -> Environment {
        let examined = try examine(name)
        if let error = DeployError(problems: examined.problems) { throw error }
        return examined.environment
    }

    /// All environments, in order of name.
    ///
    /// - Throws: `.invalidDefinition` with every problem of all files, also with what they contradict
    ///   each other in.
    public func loadAll() throws(DeployError) -> [Environment] {
        var environments: [Environment] = []
        var problems: [DefinitionProblem] = []
        var first: (environment: Environment, project: Located)?
        var fresh: [(environment: Environment, tree: Located)] = []
        for name in names() {
            let examined = try examine(name)
            problems += examined.problems.filter { !problems.contains($0) }
            environments.append(examined.environment)
            if let tree = examined.tree?["database"]?["fresh"]?["from"] {
                fresh.append((examined.environment, tree))
            }
            guard let project = examined.tree?["project"] else { continue }
            if let first, first.environment.project != project.text {
                problems.append(
                    DefinitionProblem(
                        at: project.location, path: "project",
                        what:
                            "differs from \"\(Shown.text(first.environment.project))\" in \(first.project.location.file)",
                        next: "write the same name in both; one folder defines one project"))
            }
            first = first ?? (examined.environment, project)
        }
        problems += fresh.compactMap { Self.misfit($0.environment, $0.tree, environments) }
        if let error = DeployError(problems: problems) { throw error }
        return environments
    }

    /// A backup is read by the engine that wrote it.
    private static func misfit(_ environment: Environment, _ from: Located, _ all: [Environment])
        -> DefinitionProblem?
    {
        guard case .backup(let copy) = environment.database?.filling,
            let source = all.first(where: { $0.name == copy.environment }),
            source.database?.engine != environment.database?.engine
        else { return nil }
        let engine = source.database?.engine.rawValue ?? "no database"
        return DefinitionProblem(
            at: from.location, path: "database.fresh.from",
            what:
                "names \(copy.environment), which has \(engine) instead of \(environment.database?.engine.rawValue ?? "")",
            next: "use one engine for both, or another \"from\"")
    }

    /// Paths of the files that define an environment, its own first; those of `extends` that cannot be read are left out.
    public func files(of name: String) -> [String] { source.chain(source.path(of: "\(name).json")) }

    /// Every problem of one environment's files; empty when it can be loaded.
    public func problems(in name: String) throws(DeployError) -> [DefinitionProblem] {
        try examine(name).problems
    }

    /// Names of the environments: the `.json` files of the folder that no other one extends, except
    /// `base.json`, `*.base.json` and schemas.
    ///
    /// A file that is extended is still an environment when something is promoted from it.
    public func names() -> [String] {
        let candidates = source.files.names(in: source.folder).filter { $0.ends(with: ".json") }
        var extended: Set<String> = []
        var origins: Set<String> = []
        for candidate in candidates {
            let path = source.path(of: candidate)
            guard let tree = (try? source.read(path))?.value else { continue }
            if let base = tree["extends"]?.text { extended.insert(DefinitionFiles.sibling(base, of: path)) }
            if let origin = tree["promotion"]?["from"]?.text { origins.insert(origin) }
        }
        return candidates.compactMap { candidate in
            let name = String(candidate.before(".json") ?? "")
            guard !name.isEmpty, !name.begins(with: "."), !isAuxiliary(name) else { return nil }
            return extended.contains(source.path(of: candidate)) && !origins.contains(name) ? nil : name
        }
    }

    private func isAuxiliary(_ name: String) -> Bool {
        ["base", "schema"].contains { name == $0 || name.ends(with: ".\($0)") }
    }

    private struct Examined {
        var environment: Environment
        var tree: Located?
        var problems: [DefinitionProblem]
    }

    private func examine(_ name: String) throws(DeployError) -> Examined {
        let names = names()
        let path = source.path(of: "\(name).json")
        guard names.contains(name) || isExtended(name, at: path) else { throw notFound(name, names) }
        guard TextRule.name.accepts(name) else {
            let problem = DefinitionProblem(
                at: SourceLocation(file: path, line: 1, column: 1), path: "",
                what: "\"\(Shown.text(name))\" cannot be the name of an environment",
                next: "rename the file: \(TextRule.name.expectation)")
            return Examined(environment: Environment(name: name, project: ""), problems: [problem])
        }
        let merged = try source.merged(path)
        guard let tree = merged.tree else {
            return Examined(environment: Environment(name: name, project: ""), problems: merged.problems)
        }
        let environment = EnvironmentBuilder(name: name, tree: tree).build()
        let problems = merged.problems + problems(of: tree, name: name, path: path, names: names)
        let part = tree["host"].flatMap { Fleet.part(of: machine, in: Self.hosts($0)) }
        return Examined(
            environment: part == .other ? environment.besideTheFirst : environment, tree: tree,
            problems: problems + (part == .stranger ? [stranger(tree)] : []))
    }

    private func stranger(_ tree: Located) -> DefinitionProblem {
        DefinitionProblem(
            at: tree["host"]?.location ?? tree.location, path: "host",
            what:
                "names several machines, and not \"\(Shown.text(machine ?? ""))\", as this one was called where the command was typed",
            next: "type it without --host, or with a name that is in the list")
    }

    /// An environment another one extends may still be loaded by its name.
    private func isExtended(_ name: String, at path: String) -> Bool {
        TextRule.name.accepts(name) && !isAuxiliary(name) && source.files.kind(of: path) != nil
    }

    /// Shape first; a contradiction between keys is left out where one of them has the wrong shape.
    private func problems(of tree: Located, name: String, path: String, names: [String])
        -> [DefinitionProblem]
    {
        var shape = ShapeCheck()
        shape.check(tree, DefinitionKeys.root, path: "")
        var checks = DefinitionChecks(name: name, tree: tree, environments: names)
        checks.run()
        let wrong = shape.problems.map(\.path)
        let rest = checks.problems.filter { problem in
            !wrong.contains { DefinitionPath.overlap($0, problem.path) }
        }
        return (shape.problems + rest).sorted { left, right in
            // The environment's own file comes before those it extends.
            (left.file == path ? 0 : 1, left.file, left.line) < (
                right.file == path ? 0 : 1, right.file, right.line
            )
        }
    }

    private func notFound(_ name: String, _ names: [String]) -> DeployError {
        let list = names.map { Shown.text($0) }.joined(separator: ", ")
        let others = ["yaml", "yml", "toml", "json5"].map { "\(name).\($0)" }
        if let other = others.first(where: { source.files.kind(of: "\(source.folder)/\($0)") != nil }) {
            return DeployError(
                .notFound, what: "there is no environment \"\(Shown.text(name))\"",
                why:
                    "\(source.folder)/\(Shown.text(other)) is not read; definitions are JSON5 in files that end in .json",
                next: "write \(source.path(of: Shown.text(name))).json")
        }
        return DeployError(
            .notFound, what: "there is no environment \"\(Shown.text(name))\"",
            why: names.isEmpty
                ? "\(source.folder) holds no definition" : "\(source.folder) defines \(list)",
            next: names.isEmpty
                ? "create \(source.folder)/staging.json"
                : "name one of them, or create \(source.path(of: Shown.text(name))).json")
    }
}

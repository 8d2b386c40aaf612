import FoundationEssentials

/// A project's first definitions: looks at its repository, drafts them, writes them.
public struct Outset: Sendable {
    private let ports: Ports
    /// Absolute.
    private let project: String
    /// Absolute: the folder of definitions.
    private let folder: String

    public init(_ ports: Ports, project: String, definitions folder: String) {
        self.ports = ports
        self.project = project
        self.folder = folder
    }

    /// What was found, and what is usual.
    public struct Findings: Sendable {
        let sketch: ApplicationSketch
        /// Whether git knows the folder.
        public let isRepository: Bool
        /// What stands where nobody says otherwise.
        public let usual: OutsetAnswers

        /// What was recognised, in words; empty where nothing was.
        public var kinds: [String] { sketch.kinds }
        /// Name and command of each service.
        public var services: [(name: String, command: [String])] {
            sketch.services.map { ($0.name, $0.command) }
        }
        /// Variables the code asks for and deployctl gives.
        public var given: [String] { sketch.given + sketch.aliases.map(\.name) }
        /// Those that become plain values.
        public var variables: [String] { sketch.variables.map(\.name) }
        /// Those that become private files.
        public var secrets: [String] { sketch.secrets.map(\.name) }
    }

    public struct File: Sendable {
        /// Relative to the project, or absolute where the definitions lie elsewhere.
        public let path: String
        /// What is written, or added; of a secret nothing is shown.
        public let text: String
        public let isSecret: Bool
        /// Whether the lines are added to what is there.
        public let adds: Bool
    }

    /// Changes nothing.
    ///
    /// - Throws: `.notFound` where nothing says how the project runs.
    public func look() throws(DeployError) -> Findings {
        let sketch = Detectors.sketch(of: RepositoryReader(files: ports.files, folder: project).read())
        guard !sketch.services.isEmpty || !sketch.routes.isEmpty else {
            throw DeployError(
                .notFound, what: "Nothing here says how this project runs",
                why: sketch.left.first
                    ?? "no Procfile, package.json, manage.py, config.ru, go.mod, Cargo.toml, index.html, Compose file or the like",
                next: "go to the project's folder, or write a Procfile with a line such as web: ./server")
        }
        let branch = git("symbolic-ref", "--short", "HEAD")
        let known = branch.map { String($0.firstLine) } ?? "main"
        let staging = freePort(from: 8080)
        return Findings(
            sketch: sketch, isRepository: git("rev-parse", "--git-dir") != nil,
            usual: OutsetAnswers(
                project: OutsetAnswers.name(from: Path.name(project)), engine: sketch.engine,
                stagingPort: staging,
                productionPort: freePort(from: staging + 1),
                branch: TextRule.branch.accepts(known) ? known : "main"))
    }

    /// What is to be written, in order.
    ///
    /// - Throws: `.usage` where an answer cannot stand in a definition, `.gateRefused` where something is in the way.
    public func files(_ findings: Findings, _ answers: OutsetAnswers) throws(DeployError) -> [File] {
        if let mistake = answers.mistake {
            throw DeployError(
                .usage, what: "An answer cannot be used", why: mistake, next: "deployctl help init")
        }
        let drafted = FirstDefinitions(sketch: findings.sketch, answers: answers)
        let place = folder.after("\(project)/").map(String.init) ?? folder
        var found = [File(path: "\(place)/base.json", text: drafted.base, isSecret: false, adds: false)]
        found += FirstDefinitions.environments.map { name in
            File(path: "\(place)/\(name).json", text: drafted.own(name), isSecret: false, adds: false)
        }
        found += drafted.secrets(Self.chance).map {
            File(path: $0.path, text: "\($0.text)\n", isSecret: true, adds: false)
        }
        let lines = try missingIgnores()
        if !lines.isEmpty { found.append(File(path: ".gitignore", text: lines, isSecret: false, adds: true)) }
        try writer.refuseThere(found.map(change))
        return found
    }

    /// All or nothing; what was written loads.
    public func write(_ files: [File]) throws(DeployError) {
        try writer.write(files.map(change)) { () throws(DeployError) in
            _ = try DefinitionLoader(files: ports.files, folder: folder).loadAll()
        }
    }

    /// What is left to do, each a command or, after a `#`, a remark.
    public func checklist(_ findings: Findings, _ answers: OutsetAnswers) -> [String] {
        var lines = findings.sketch.left.map { "# \($0)" }
        for secret in findings.sketch.secrets where secret.value == .foreign {
            lines += FirstDefinitions.environments.map {
                "install -m 600 /dev/stdin .secrets/\($0)/\(secret.name)  # type the real one, then Ctrl-D"
            }
        }
        if !findings.isRepository {
            lines.append("git init --initial-branch \(ShellText.quoted(answers.branch))")
        }
        lines.append("git add --all && git commit --message 'Deploy with deployctl'")
        if answers.engine == .mysql || answers.engine == .postgresql {
            lines.append(
                "# on the database server: the users deployer and those of both environments, with the passwords in .secrets; their rights: deployctl's page Databases"
            )
        }
        if answers.host != nil {
            lines.append("deployctl server prepare")
            lines += FirstDefinitions(sketch: findings.sketch, answers: answers).sent.map {
                "deployctl secret set \($0.environment) \($0.name) < \($0.path)"
            }
            return lines + ["deployctl staging", "deployctl production"]
        }
        return lines + [
            "deployctl init --check", "deployctl staging", "deployctl production", "deployctl boot install",
        ]
    }

    private var writer: NewFiles {
        NewFiles(files: ports.files, interruption: ports.interruption, project: project)
    }

    private func change(_ file: File) -> NewFiles.Change {
        NewFiles.Change(path: file.path, text: file.text, adds: file.adds)
    }

    /// Lines that `.gitignore` lacks; what is there stays as it is.
    private func missingIgnores() throws(DeployError) -> String {
        let path = "\(project)/.gitignore"
        guard ports.files.kind(of: path) == .file else { return Self.ignored.map { "/\($0)/\n" }.joined() }
        let data = try ports.files.read(path) ?? Data()
        let present = String(decoding: data, as: UTF8.self).lines.map { String($0.trimmed) }
        let lacking = Self.ignored.filter { name in
            !present.contains { line in [name, "/\(name)", "\(name)/", "/\(name)/"].contains { $0 == line } }
        }.map { "/\($0)/\n" }.joined()
        let endsLine = data.isEmpty || data.last == UInt8(ascii: "\n")
        return lacking.isEmpty ? "" : (endsLine ? "" : "\n") + lacking
    }

    private static let ignored = [".deployctl", ".secrets", "backups", "logs"]

    /// 256 bits that nobody knows.
    private static func chance() -> String {
        (0..<4).map { _ in RandomWord.make("") }.joined()
    }

    private func freePort(from first: Int) -> Int {
        (first..<min(first + 200, 65536)).first { !ports.processes.isTaken($0, on: "0.0.0.0") } ?? first
    }

    private func git(_ arguments: String...) -> String? {
        let result = ports.commands.run(CommandRequest(Command("git", ["-C", project] + arguments)))
        return result.succeeded ? result.output : nil
    }
}

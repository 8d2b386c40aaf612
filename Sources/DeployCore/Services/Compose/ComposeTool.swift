import FoundationEssentials

/// Calls Compose: the engine's own `docker compose`, or `docker-compose` where only that is installed.
struct ComposeTool {
    let commands: any CommandRunner

    /// What `run` starts; which of the two programs is there is found out first.
    static func programs(_ arguments: [String]) -> [ProgramCall] {
        let versions = ComposeCommands.Program.allCases.map(ComposeCommands.version)
        let other = ComposeCommands.command(arguments, by: .standalone)
        return [ProgramCall(ComposeCommands.command(arguments), or: versions + [other])]
    }

    /// Runs Compose; a failure is a result.
    ///
    /// - Throws: `.stepFailed` when there is no Compose of version 2 or later.
    func run(
        _ arguments: [String], deadline: Duration = .seconds(120), diesWithParent: Bool = false
    ) throws(DeployError) -> CommandResult {
        try run(
            CommandRequest(
                ComposeCommands.command(arguments), deadline: deadline, outputLimit: 8 << 20,
                diesWithParent: diesWithParent), arguments)
    }

    /// Has the parser read a file of a commit, which gets to see these variables and no others of this process.
    ///
    /// What decides which programs are found and which settings they read stays this process's own.
    func parse(_ arguments: [String], variables: [String: String], input: String? = nil) throws(DeployError)
        -> CommandResult
    {
        var request = CommandRequest(
            ComposeCommands.command(arguments), environment: variables.filter { !Self.isItsOwn($0.key) },
            input: input.map { Data($0.utf8) }, deadline: .seconds(120), outputLimit: 8 << 20)
        request.inherited = Self.inherited
        return try run(request, arguments)
    }

    private static let inherited: Set<String> = ["PATH", "HOME", "TMPDIR", "DOCKER_CONFIG"]

    private static func isItsOwn(_ variable: String) -> Bool {
        inherited.contains(variable)
            || ["DOCKER_", "COMPOSE_", "BUILDX_", "BUILDKIT_", "XDG_"].contains { variable.begins(with: $0) }
    }

    private func run(_ request: CommandRequest, _ arguments: [String]) throws(DeployError) -> CommandResult {
        Self.withoutWarnings(try runEither(request, arguments))
    }

    /// A failure's own words; warnings that Compose printed before them stand in nobody's way.
    private static func withoutWarnings(_ result: CommandResult) -> CommandResult {
        guard !result.succeeded else { return result }
        let lines = result.errors.lines.filter {
            !($0.begins(with: "time=\"") && $0.holds(" level=warning "))
        }
        guard lines.contains(where: { !$0.isBlank }) else { return result }
        var result = result
        result.errors = lines.joined(separator: "\n")
        return result
    }

    private func runEither(_ request: CommandRequest, _ arguments: [String]) throws(DeployError)
        -> CommandResult
    {
        var request = request
        let result = commands.run(request)
        guard mayLackCompose(result), pluginVersion == nil else { return result }
        guard let version = standaloneVersion else { throw Self.missing(result.explanation) }
        guard Self.isRecent(version) else { throw Self.tooOld(version) }
        request.command = ComposeCommands.command(arguments, by: .standalone)
        return commands.run(request)
    }

    private func mayLackCompose(_ result: CommandResult) -> Bool {
        switch result.ending {
        case .exited(let status): status != 0
        case .notStarted: true
        case .signalled, .timedOut, .interrupted, .unanswered: false
        }
    }

    /// The version in use; nil when there is none.
    var version: String? { pluginVersion ?? standaloneVersion }

    private var pluginVersion: String? { version(of: .plugin) }
    private var standaloneVersion: String? { version(of: .standalone) }

    private func version(of program: ComposeCommands.Program) -> String? {
        let result = commands.run(
            CommandRequest(ComposeCommands.version(of: program), deadline: .seconds(10)))
        let text = String(result.output.trimmed)
        return result.succeeded && !text.isEmpty ? text : nil
    }

    /// Whether a version, written with or without a `v`, is 2 or later.
    static func isRecent(_ version: String) -> Bool {
        let digits = Substring(version[...].utf8.drop { !$0.isDigit }).leadingDigits
        return Int(digits).map { $0 >= 2 } ?? false
    }

    static func tooOld(_ version: String) -> DeployError {
        DeployError(
            .stepFailed, what: "docker-compose \(version) is too old", why: "Compose 2 or later is needed",
            next: "install the engine's Compose plugin, docker compose")
    }

    private static func missing(_ why: String) -> DeployError {
        DeployError(
            .stepFailed, what: "Compose is not there", why: why,
            next: "apt-get install docker-compose-plugin, or docker-compose where that is version 2")
    }
}

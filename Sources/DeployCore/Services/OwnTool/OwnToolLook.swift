import FoundationEssentials

/// Asks the project's own tool about one release that was handed to it.
struct OwnToolLook {
    /// What came of asking.
    enum Seen {
        case said(OwnToolAnswer)
        /// The command ended well and printed what nobody understands.
        case misspoken(String)
        /// The command could not be asked.
        case silent(String)
    }

    let handed: HandedRelease
    private let ports: Ports
    private let secrets: [String: String]
    /// Why one of them is not there; nil where all are.
    private let lack: DeployError?

    init(_ handed: HandedRelease, on ports: Ports) {
        (self.handed, self.ports) = (handed, ports)
        (secrets, lack) = Self.fetch(handed.environment.secrets, on: ports)
    }

    private static func fetch(_ sources: [String: SecretSource], on ports: Ports)
        -> (values: [String: String], lack: DeployError?)
    {
        var values: [String: String] = [:]
        var lack: DeployError?
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
            do throws(DeployError) {
                values[name] = try ports.secrets.fetch(source, named: name).exposed
            } catch { lack = lack ?? error }
        }
        return (values, lack)
    }

    /// - Throws: why a secret that a change needs is not there; what only looks or stops goes on without it.
    func demandSecrets() throws(DeployError) { if let lack { throw lack } }

    /// Everything a run with this definition has to keep secret or may have to, by name.
    var allSecrets: [String: String] { Self.fetch(handed.environment.allSecrets, on: ports).values }

    private var site: Site { handed.site(on: ports) }
    private var tool: Environment.OwnTool? { handed.environment.runtime.ownTool }

    /// How long a question may take.
    private static let patience = Duration.seconds(30)

    /// What its status says now.
    func seen() -> Seen {
        do throws(DeployError) {
            guard let request = request(tool?.status, within: Self.patience) else {
                return .silent("the definition it was deployed with has no status command")
            }
            let result = ports.commands.run(try site.own(request))
            guard result.succeeded else { return .silent(words(for: result, of: request)) }
            do throws(OwnToolAnswer.Fault) { return .said(try OwnToolAnswer(result.output)) } catch {
                return .misspoken(scrub("\(request.command) \(error.why)"))
            }
        } catch { return .silent(scrub("\(error.what): \(error.why)")) }
    }

    /// Why what runs is not well; nil when it is, and where nothing asks.
    func ailment() -> String? {
        do throws(DeployError) {
            guard let request = request(tool?.health, within: Self.patience) else { return nil }
            let result = ports.commands.run(try site.own(request))
            return result.succeeded ? nil : words(for: result, of: request)
        } catch { return scrub("\(error.what): \(error.why)") }
    }

    /// The command with what it may know; nil where there is none.
    ///
    /// `more`: variables besides; what names the release goes before them.
    func request(_ vector: [String]?, within deadline: Duration, _ more: [String: String] = [:])
        -> CommandRequest?
    {
        guard let command = vector.map(filled).flatMap(Command.init(vector:)) else { return nil }
        return request(command, within: deadline, more)
    }

    /// How a command of the tool failed, and which secret it did not get.
    func words(for result: CommandResult, of request: CommandRequest) -> String {
        let without = lack.map { "; it ran without a secret: \($0.what): \($0.why)" } ?? ""
        return scrub("\(request.command) \(result.explanation)\(without)")
    }

    /// The command as it stands, with what it may know.
    func request(_ command: Command, within deadline: Duration, _ more: [String: String] = [:])
        -> CommandRequest
    {
        let known = more.merging(variables) { $1 }.merging(secrets) { mine, _ in mine }
        return CommandRequest(
            command, in: site.layout.release(handed.release), environment: known, deadline: deadline,
            outputLimit: 2 * OwnToolAnswer.limit, diesWithParent: true)
    }

    private func filled(_ vector: [String]) -> [String] {
        let values = [
            "release": "\(handed.release)", "commit": handed.commit ?? "",
            "environment": handed.environment.name, "previous": handed.previous.map { "\($0)" } ?? "",
            "deployment": handed.instance,
        ]
        return vector.map { Braces.fill($0, with: values) }
    }

    private var variables: [String: String] {
        let name = handed.environment.name
        var own = [
            "DEPLOYCTL_ENVIRONMENT": name, "DEPLOYCTL_RELEASE": "\(handed.release)",
            "DEPLOYCTL_DEPLOYMENT": handed.instance,
        ]
        own["DEPLOYCTL_COMMIT"] = handed.commit
        own["DEPLOYCTL_PREVIOUS_RELEASE"] = handed.previous.map { "\($0)" }
        return ServiceVariables.plain(
            handed.environment, Placeholders(release: handed.release, environment: name)
        ).merging(own) { $1 }
    }

    /// Text of the tool, without secrets.
    func scrub(_ text: String) -> String { redactor.scrub(text) }

    /// The same of a failure.
    func scrub(_ error: DeployError) -> DeployError { redactor.scrub(error) }

    private var redactor: Redactor { Redactor(of: allSecrets.merging(secrets) { $1 }) }
}

extension OwnToolAnswer {
    /// Whether it speaks of this release.
    func names(_ handed: HandedRelease) -> Bool {
        guard release == "\(handed.release)", environment.map({ $0 == handed.environment.name }) ?? true
        else { return false }
        guard let commit, let known = handed.commit else { return true }
        return commit.utf8.count >= 7 && known.begins(with: commit)
    }

    /// Whether this release runs, as far as a service of it does.
    func runs(_ service: String, of handed: HandedRelease) -> Bool {
        guard names(handed), state == .running else { return false }
        guard let services else { return true }
        guard let part = services[service] else { return service == Service.unnamed.name }
        return part.state == .running
    }

    /// Whether all of this release runs.
    func runs(_ handed: HandedRelease) -> Bool {
        handed.environment.appServices.allSatisfy { runs($0.name, of: handed) }
    }

    /// What it says of itself, to be compared with later.
    var found: HandedRelease.Found {
        state == .stopped ? .init() : .init(release: release, deployment: deployment)
    }

    /// Differs after each deployment, where the tool tells them apart.
    var life: String { "\(release ?? "") \(deployment ?? "")" }
}

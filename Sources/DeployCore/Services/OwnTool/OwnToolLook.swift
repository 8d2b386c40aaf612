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
    private let secrets: Result<[String: String], DeployError>

    init(_ handed: HandedRelease, on ports: Ports) {
        (self.handed, self.ports) = (handed, ports)
        secrets = Result { () throws(DeployError) in
            var values: [String: String] = [:]
            for (name, source) in handed.environment.secrets.sorted(by: { $0.key < $1.key }) {
                values[name] = try ports.secrets.fetch(source, named: name).exposed
            }
            return values
        }
    }

    private var site: Site { handed.site(on: ports) }
    private var tool: Environment.OwnTool? { handed.environment.runtime.ownTool }

    /// How long a question may take.
    private static let patience = Duration.seconds(30)

    /// What its status says now.
    func seen() -> Seen {
        do throws(DeployError) {
            guard let request = try request(tool?.status, within: Self.patience) else {
                return .silent("the definition it was deployed with has no status command")
            }
            let result = ports.commands.run(try site.own(request))
            guard result.succeeded else { return .silent(scrub("\(request.command) \(result.explanation)")) }
            do throws(OwnToolAnswer.Fault) { return .said(try OwnToolAnswer(result.output)) } catch {
                return .misspoken(scrub("\(request.command) \(error.why)"))
            }
        } catch { return .silent(scrub("\(error.what): \(error.why)")) }
    }

    /// Why what runs is not well; nil when it is, and where nothing asks.
    func ailment() -> String? {
        do throws(DeployError) {
            guard let request = try request(tool?.health, within: Self.patience) else { return nil }
            let result = ports.commands.run(try site.own(request))
            return result.succeeded ? nil : scrub("\(request.command) \(result.explanation)")
        } catch { return scrub("\(error.what): \(error.why)") }
    }

    /// The command with what it may know; nil where there is none.
    ///
    /// `more`: variables besides; what names the release goes before them.
    func request(_ vector: [String]?, within deadline: Duration, _ more: [String: String] = [:])
        throws(DeployError) -> CommandRequest?
    {
        guard let command = vector.map(filled).flatMap(Command.init(vector:)) else { return nil }
        return try request(command, within: deadline, more)
    }

    /// The command as it stands, with what it may know.
    func request(_ command: Command, within deadline: Duration, _ more: [String: String] = [:])
        throws(DeployError) -> CommandRequest
    {
        let known = more.merging(variables) { $1 }.merging(try secrets.get()) { mine, _ in mine }
        return CommandRequest(
            command, in: site.layout.release(handed.release), environment: known, deadline: deadline,
            outputLimit: 2 * OwnToolAnswer.limit, diesWithParent: true)
    }

    private func filled(_ vector: [String]) -> [String] {
        let values = [
            "release": "\(handed.release)", "commit": handed.commit ?? "",
            "environment": handed.environment.name, "previous": handed.previous.map { "\($0)" } ?? "",
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

    private var redactor: Redactor { Redactor(((try? secrets.get()) ?? [:]).values) }
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

    /// Differs after each deployment, where the tool tells them apart.
    var life: String { "\(release ?? "") \(deployment ?? "")" }
}

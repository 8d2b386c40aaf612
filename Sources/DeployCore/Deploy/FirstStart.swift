import FoundationEssentials

/// Proves that the newest commit builds, starts and answers: a staging of its own in a folder of its own, beside everything
/// that serves, of which nothing is left.
public struct FirstStart: Sendable {
    private let workspace: Workspace
    private let definitions: DefinitionLoader
    private let deployer: Deployer
    private let trial: Workspace
    private let trialDefinitions: DefinitionLoader
    /// Of the trial alone, where a server holds it: no name that anybody else could have.
    private let database = RandomWord.make("dcheck_")

    /// `trial` is a folder that is not there yet, with the ports of a project in it; `deployer` makes the one that deploys there.
    public init(
        of workspace: Workspace, definitions: DefinitionLoader, in trial: Workspace,
        deployer: (Workspace, DefinitionLoader) -> Deployer
    ) {
        self.workspace = workspace
        self.definitions = definitions
        self.trial = trial
        trialDefinitions = DefinitionLoader(files: trial.ports.files, folder: "\(trial.project)/environments")
        self.deployer = deployer(trial, trialDefinitions)
    }

    /// What was proved.
    public struct Outcome: Sendable {
        /// Of the commit that was built.
        public let commit: String
        /// Each service's health path that answered.
        public let paths: [String]
    }

    /// - Throws: why it does not build, start or answer; nothing of the trial is left then either.
    public func carryOut() throws(DeployError) -> Outcome {
        let environment = try definitions.load(Staging.name)
        guard environment.runtime.strategy != .ownTool else {
            throw DeployError(
                .gateRefused, what: "The project cannot be started beside itself",
                why: "the project's own tool has one place for a release; nothing was started",
                next: "deployctl staging")
        }
        do throws(DeployError) {
            try furnish(environment)
            var result: RunResult?
            let code = try deployer.staging(reference: "HEAD").carryOut { result = $0 }
            guard code == .done, case .done(let deployment, _)? = result, deployment.outcome == .succeeded
            else {
                throw DeployError(
                    .stepFailed, what: "The project does not start", why: "the trial ended with \(code.name)",
                    next: "deployctl doctor")
            }
            try cleanUp()
            return Outcome(
                commit: deployment.commit.map { String($0.utf8.prefix(8)) ?? $0 } ?? "",
                paths: environment.services.compactMap { service in
                    service.health.map { "\(service.name) \($0.path)" }
                })
        } catch {
            trial.ports.interruption.shield()
            try cleanUp()
            throw error.recast(as: error.code == .needsPerson ? .stepFailed : error.code)
        }
    }

    /// The definitions as they are, but for what others have: ports, names, the database.
    private func furnish(_ environment: Environment) throws(DeployError) {
        let (files, place) = (trial.ports.files, trialDefinitions.folder)
        try files.makeFolder(place)
        try files.grant(.passageForAll, at: trial.project)
        for (number, path) in definitions.files(of: Staging.name).enumerated() {
            guard let data = try files.read(path), let name = path.after("\(definitions.folder)/") else {
                continue
            }
            let copy = number == 0 ? "\(place)/\(Staging.name).base.json" : "\(place)/\(name)"
            try files.makeFolder(Path.parent(copy))
            try files.publish(data, to: copy)
        }
        try files.publish(try JSON.data(changes(environment)), to: "\(place)/\(Staging.name).json")
        if files.kind(of: "\(workspace.project)/.secrets") != nil {
            try files.pointLink("\(trial.project)/.secrets", to: "\(workspace.project)/.secrets")
        }
    }

    private func changes(_ environment: Environment) -> JSONField {
        var taken: [Int] = []
        var ports = environment.ports.mapValues { _ in JSONField.number(Double(freePort(&taken))) }
        ports["http"] = .number(Double(freePort(&taken)))
        ports["https"] = .null
        let repository = workspace.site(environment).layout.absolute(environment.source.repository)
        var keys: [String: JSONField] = [
            "extends": .text("\(Staging.name).base.json"), "project": .text("\(environment.project)-check"),
            "ports": .object(ports), "source": .object(["repository": .text(repository)]),
            "watch": .text("0s"),
            "drain": .text("1s"), "backup": .object(["beforeDeploy": .flag(false)]),
        ]
        for key in ["url", "hosts", "tls", "schedules", "logs", "promotion", "network"] {
            keys[key] = .null
        }
        // A worker would take its jobs from where staging's takes them.
        let left = environment.workers.map(\.name)
        if !left.isEmpty {
            keys["services"] = .object(Dictionary(uniqueKeysWithValues: left.map { ($0, JSONField.null) }))
        }
        if let database = environment.database, database.engine != .sqlite {
            keys["database"] = .object([
                "name": .text(self.database), "fresh": .null,
            ])
        }
        return .object(keys)
    }

    private func freePort(_ taken: inout [Int]) -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 20_000..<32_000)
            guard !taken.contains(port), !trial.ports.processes.isTaken(port, on: "0.0.0.0") else { continue }
            taken.append(port)
            return port
        }
        return 0
    }

    /// Ends what was started and removes what was made; its folder stays while something of it may run.
    private func cleanUp() throws(DeployError) {
        let files = trial.ports.files
        trial.ports.interruption.shield()
        if files.kind(of: trialDefinitions.folder) != nil,
            let environment = try? trialDefinitions.load(Staging.name)
        {
            let site = trial.site(environment)
            if site.records.currentID != nil { try stop() }
            if environment.database.map({ $0.engine != .sqlite }) == true,
                let live = site.layout.database(.live)
            {
                try? site.database.remove(live)
            }
        }
        try files.remove(trial.project)
    }

    private func stop() throws(DeployError) {
        let result = try? deployer.operation(.stop, of: Staging.name, service: nil).carryOut()
        if case .done(let deployment, _)? = result, deployment.outcome == .succeeded { return }
        throw DeployError(
            .stepFailed, what: "The trial still runs", why: "it could not be stopped",
            next: "deployctl -C \(ShellText.quoted(trial.project)) stop staging, then remove that folder")
    }
}

import FoundationEssentials

/// Looks at what runs, and says where it differs from what should.
public struct Observer: Sendable {
    let workspace: Workspace

    private var ports: Ports { workspace.ports }

    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// What is wrong with the environment now, in words; empty when it serves its current release well.
    public func complaints(_ facts: EnvironmentFacts) -> [String] {
        let door = FrontDoor(environment: facts.environment)
        let answer = door.request().map { ports.commands.run($0) }
        return complaints(facts, answer: answer)
    }

    /// The same, from an answer of the front door fetched together with others.
    public func complaints(_ facts: EnvironmentFacts, answer: CommandResult?) -> [String] {
        complaints(facts, answer: answer, services: [:])
    }

    /// The same, with what each service answered at its own address.
    public func complaints(
        _ facts: EnvironmentFacts, answer: CommandResult?, services: [String: CommandResult]
    ) -> [String] {
        silentComplaints(facts) + complaints(aboutAnswersOf: facts, answer: answer, services: services)
    }

    /// What can be seen without asking anybody.
    func silentComplaints(_ facts: EnvironmentFacts) -> [String] {
        guard let serving = facts.serving else { return ["nothing runs"] }
        var found = drift(facts)
        let records = workspace.site(facts.environment).records
        let services = records.read(serving.instance)?.services ?? []
        let running = ports.running(services)
        for service in services where !running.contains(service.name) {
            found.append("service \(service.name) does not run")
        }
        let edge = workspace.site(facts.environment).layout.edge
        if facts.environment.runtime.strategy == .blueGreen, Nginx.master(in: edge, ports) == nil {
            found.append("the edge does not run, or only what is left of it")
        }
        return found
    }

    func complaints(
        aboutAnswersOf facts: EnvironmentFacts, answer: CommandResult?, services: [String: CommandResult]
    ) -> [String] {
        guard let serving = facts.serving else { return [] }
        var found: [String] = []
        if let answer,
            let complaint = FrontDoor(environment: facts.environment).complaint(
                about: answer, from: serving.instance)
        {
            found.append("front door: \(complaint)")
        }
        for (name, result) in services.sorted(by: { $0.key < $1.key }) {
            let status = CurlCommands.answers(result.output).last?.status
            guard status != 200 else { continue }
            found.append("service \(name) \(status.map { "answers \($0)" } ?? "does not answer")")
        }
        return found
    }

    /// Where the world was changed by hand.
    public func drift(_ facts: EnvironmentFacts) -> [String] {
        let site = workspace.site(facts.environment)
        let layout = site.layout
        var found: [String] = []
        if let serving = facts.serving, let release = facts.release?.timestamp, serving.release != release {
            found.append("release \(serving.release) serves, the state says \(release)")
        }
        if let release = facts.release?.timestamp, facts.serving != nil {
            if ports.files.kind(of: layout.release(release)) != .folder {
                found.append("the folder of release \(release) is gone")
            }
            if let target = ports.files.linkTarget(layout.currentRelease), target != "releases/\(release)" {
                found.append("current points to \(target) instead of releases/\(release)")
            }
        }
        if let database = facts.serving?.database, let linked = facts.database, database != linked {
            found.append(
                "the services use \(Path.name(database.name)), the link names \(Path.name(linked.name))")
        }
        if facts.environment.runtime.strategy == .blueGreen, facts.serving != nil {
            let wanted = NginxConfiguration(layout: layout).edge(runningAsRoot: ports.processes.runsAsRoot)
            if let data = try? ports.files.read("\(layout.edge)/nginx.conf"),
                String(decoding: data, as: UTF8.self) != wanted
            {
                found.append("the edge's configuration is not what the definition gives")
            }
        }
        if facts.environment.runtime.kind == .compose {
            found += ContainerObserver(site).drift(serving: facts.serving)
        }
        return found
    }
}

import FoundationEssentials

/// Looks for what is wrong and lasts, and records when it begins and when it is over.
public struct Troubles: Sendable {
    private let workspace: Workspace
    private let definitions: DefinitionLoader

    public init(_ workspace: Workspace, definitions: DefinitionLoader) {
        (self.workspace, self.definitions) = (workspace, definitions)
    }

    private var ports: Ports { workspace.ports }

    private static let kinds: [Event.Kind] = [
        .crashLoop, .unhealthy, .drift, .certificate, .backupOverdue,
    ]
    /// A certificate that is good for less is a person's business: who renews by itself does so much earlier.
    private static let shortestValidity = 7 * 86_400.0
    /// A daily backup and two hours.
    private static let oldestBackup = 26 * 3600.0

    /// Looks at every environment; one that a run changes now is left alone.
    public func look() throws(DeployError) {
        let deployed = DeployedDefinitions(ports, written: definitions)
        let environments = try deployed.loadAll().filter { !$0.routes.isEmpty }
        guard !environments.isEmpty else { return }
        let status = try StatusCollector(workspace, definitions: definitions).status(of: environments)
        for one in status.environments where !one.isBusy && one.look.facts.release != nil {
            let name = one.look.facts.environment.name
            let now = ports.clock.now()
            let found = troubles(of: one, at: now).map {
                Event($0.kind, in: name, on: "", at: now, detail: $0.detail)
            }
            try ports.state.settle(found, of: Self.kinds, in: name, at: now)
        }
    }

    private func troubles(of one: EnvironmentStatus, at now: Date) -> [(kind: Event.Kind, detail: String)] {
        var found: [(Event.Kind, String)] = []
        let look = one.look
        switch one.state {
        case .crashLoop: found.append((.crashLoop, look.problems.joined(separator: "; ")))
        case .unhealthy where !look.problems.isEmpty || look.drift.isEmpty:
            found.append((.unhealthy, look.problems.joined(separator: "; ")))
        case .interrupted:
            found.append((.unhealthy, "a run was cut off before its end"))
            if !look.loops.isEmpty { found.append((.crashLoop, look.problems.joined(separator: "; "))) }
        case .unhealthy, .healthy, .stopped, .empty: break
        }
        if !look.drift.isEmpty { found.append((.drift, look.drift.joined(separator: "; "))) }
        if let certificate = look.certificate {
            let left = certificate.certificate.map { $0.until.timeIntervalSince(now) }
            if let problem = certificate.problem {
                found.append((.certificate, problem))
            } else if let left, left < Self.shortestValidity {
                found.append((.certificate, "it expires in \(max(0, Int(left / 86_400))) days"))
            }
        }
        let isScheduled = look.facts.environment.schedules.contains {
            $0.words.starts(with: ["backup", "create"])
        }
        if isScheduled, let last = one.lastBackup, now.timeIntervalSince(last.createdAt) > Self.oldestBackup {
            found.append((.backupOverdue, "the newest is \(last.timestamp)"))
        }
        return found
    }
}

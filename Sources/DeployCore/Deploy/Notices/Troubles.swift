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

    /// Between a look that sees something change and the one that has to see the same.
    private static let pause = Duration.seconds(5)

    /// Looks at every environment; one that a run changes now is left alone.
    ///
    /// What one look sees and the next does not, such as an answer that was late, neither begins nor ends anything.
    public func look() throws(DeployError) {
        let deployed = DeployedDefinitions(ports, written: definitions)
        let environments = try deployed.loadAll().filter { !$0.routes.isEmpty }
        guard !environments.isEmpty else { return }
        let first = try found(in: environments)
        let known = try lasting(in: Array(first.keys))
        guard first.contains(where: { Self.kinds(of: $1) != Self.kinds(of: known[$0] ?? []) }) else { return }
        ports.clock.sleep(for: Self.pause)
        for (name, second) in try found(in: environments) {
            guard let before = first[name], ports.interruption.requested() == nil else { continue }
            let open = Self.kinds(of: known[name] ?? [])
            let (seen, seenTwice) = (Self.kinds(of: before), Self.kinds(of: second))
            let begun = second.filter { open.contains($0.kind) || seen.contains($0.kind) }
            let kept = before.filter { open.contains($0.kind) && !seenTwice.contains($0.kind) }
            try ports.state.settle(begun + kept, of: Self.kinds, in: name, at: ports.clock.now())
        }
    }

    private static func kinds(of events: [Event]) -> Set<Event.Kind> { Set(events.map(\.kind)) }

    private func lasting(in names: [String]) throws(DeployError) -> [String: [Event]] {
        var found: [String: [Event]] = [:]
        for name in names { found[name] = try ports.state.lasting(Self.kinds, in: name) }
        return found
    }

    /// By environment, where something serves and no run changes it.
    private func found(in environments: [Environment]) throws(DeployError) -> [String: [Event]] {
        var found: [String: [Event]] = [:]
        let status = try StatusCollector(workspace, definitions: definitions).status(of: environments)
        for one in status.environments where !one.isBusy && one.look.facts.release != nil {
            let (name, now) = (one.look.facts.environment.name, ports.clock.now())
            found[name] = try troubles(of: one, at: now).map {
                Event($0.kind, in: name, on: "", at: now, detail: $0.detail)
            }
        }
        return found
    }

    private func troubles(
        of one: EnvironmentStatus, at now: Date
    ) throws(DeployError) -> [(kind: Event.Kind, detail: String)] {
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
        if let overdue = try overdueBackup(of: one, at: now) { found.append((.backupOverdue, overdue)) }
        return found
    }

    /// As a sentence; nil where none is overdue.
    private func overdueBackup(of one: EnvironmentStatus, at now: Date) throws(DeployError) -> String? {
        let environment = one.look.facts.environment
        guard environment.makesBackupsBySchedule else { return nil }
        let limit = now.addingTimeInterval(-Self.oldestBackup)
        if let last = one.lastBackup {
            return last.createdAt < limit ? "the newest is \(last.timestamp)" : nil
        }
        // As long as every definition since then has asked for one.
        let moves = try ports.state.releaseMoves(of: environment.name) {
            $0.last.map { $0.startedAt < limit } ?? true
        }
        for move in moves {
            guard try ports.state.definition(of: move.timestamp)?.makesBackupsBySchedule == true else {
                break
            }
            if move.startedAt < limit { return "none was ever made" }
        }
        return nil
    }
}

extension Environment {
    fileprivate var makesBackupsBySchedule: Bool {
        schedules.contains { $0.words.starts(with: ["backup", "create"]) }
    }
}

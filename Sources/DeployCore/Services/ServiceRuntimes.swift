/// The one place that knows which runtimes there are.
enum ServiceRuntimes {
    static func of(_ kind: Environment.Runtime.Kind) -> any ServiceRuntime {
        switch kind {
        case .process: ProcessRuntime()
        case .compose: ComposeRuntime()
        case .swarm: SwarmRuntime()
        case .command: CommandRuntime()
        }
    }

    /// Each that at least one of these environments uses.
    static func used(by environments: [Environment]) -> [any ServiceRuntime] {
        Environment.Runtime.Kind.allCases.filter { kind in
            environments.contains { $0.runtime.kind == kind }
        }.map(of)
    }

    /// What ending an instance starts; `kind`: what it was started by, nil when that is what the definition says.
    static func programsEnding(
        _ instance: String, startedBy kind: Environment.Runtime.Kind?, in layout: Layout
    ) -> [ProgramCall] {
        let now = layout.environment.runtime.kind
        let runtimes = Set([now, kind ?? now]).sorted { $0.rawValue < $1.rawValue }.map(of)
        let starter = starter(kind, in: layout)
        return starter.programs(for: .end, in: layout)
            + runtimes.flatMap { $0.programs(for: .sweep(instance: instance), in: layout) }
            + programsWatching(startedBy: kind, in: layout)
    }

    /// The runtime of a kind; nil for the definition's.
    static func starter(_ kind: Environment.Runtime.Kind?, in layout: Layout) -> any ServiceRuntime {
        of(kind ?? layout.environment.runtime.kind)
    }

    /// What asking whether an instance runs starts.
    static func programsWatching(startedBy kind: Environment.Runtime.Kind?, in layout: Layout)
        -> [ProgramCall]
    {
        starter(kind, in: layout).programs(for: .watch, in: layout)
    }

    /// What started these services; nil where it is what the definition says now, and where there are none.
    static func earlierKind(of services: [RunningService], in environment: Environment)
        -> Environment.Runtime.Kind?
    {
        let kind = Environment.Runtime.Kind.allCases.first { kind in
            services.contains { of(kind).owns($0.body) }
        }
        return kind == environment.runtime.kind ? nil : kind
    }

    /// From what to what the definition changes, where the project's own tool is one of them: it ends what it started alone,
    /// and takes the place of nothing else.
    static func impossibleChange(
        from services: [RunningService], in environment: Environment
    ) -> (from: String, to: String)? {
        guard let earlier = earlierKind(of: services, in: environment),
            earlier == .command || environment.runtime.kind == .command
        else { return nil }
        return (earlier.rawValue, environment.runtime.kind.rawValue)
    }

    /// Services by the runtime that started them, which a change of the definition leaves as it is.
    static func grouped(_ services: [RunningService])
        -> [(runtime: any ServiceRuntime, services: [RunningService])]
    {
        Environment.Runtime.Kind.allCases.map(of).map { runtime in
            (runtime, services.filter { runtime.owns($0.body) })
        }.filter { !$0.services.isEmpty }
    }
}

extension Environment {
    /// How its services are run.
    var serviceRuntime: any ServiceRuntime { ServiceRuntimes.of(runtime.kind) }

    /// App services, and those that outlive releases where deployctl runs them too.
    public var ownServices: [Service] {
        services.filter { $0.role == .app || $0.role == .data && serviceRuntime.runsData }
    }
}

extension Site {
    /// Keeps what services print, also of those that nobody followed.
    public func catchUpLogs() { environment.serviceRuntime.catchUpLogs(of: self) }
}

extension RunningService {
    /// What started it.
    var runtime: (any ServiceRuntime)? { ServiceRuntimes.grouped([self]).first?.runtime }
}

extension Ports {
    /// The services that run now, by name; one question to each kind of machine, however many there are.
    public func running(_ services: [RunningService]) -> Set<String> {
        ServiceRuntimes.grouped(services).reduce(into: []) { names, group in
            names.formUnion(group.runtime.running(group.services, on: self))
        }
    }

    /// The same, with why nobody can tell of some.
    func sighting(of services: [RunningService]) -> Sighting {
        ServiceRuntimes.grouped(services).reduce(into: Sighting(running: [])) { seen, group in
            let sighting = group.runtime.sighting(of: group.services, on: self)
            seen.running.formUnion(sighting.running)
            seen.silence = seen.silence ?? sighting.silence
        }
    }

    /// Asks services to end, or ends them at once.
    func end(_ services: [RunningService], politely: Bool) {
        for (runtime, services) in ServiceRuntimes.grouped(services) {
            runtime.end(services, politely: politely, on: self)
        }
    }
}

extension StepContext {
    /// Ends what the runtimes of this instance started for it, recorded or not; true when nothing is left.
    func sweep(_ id: String, _ recorded: [RunningService]) throws(DeployError) -> Bool {
        let kinds = Environment.Runtime.Kind.allCases.filter { kind in
            kind == environment.runtime.kind
                || recorded.contains { ServiceRuntimes.of(kind).owns($0.body) }
        }
        for runtime in kinds.map(ServiceRuntimes.of) {
            guard try runtime.sweep(id, in: self) else { return false }
        }
        return true
    }
}

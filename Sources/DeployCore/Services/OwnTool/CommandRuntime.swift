/// Services as the project's own tool runs them, wherever that is: wrangler, kubectl, helm, nomad, fly.
struct CommandRuntime: ServiceRuntime, LeavesDataToOthers, HasNoJobs, BuildsNothing, SharesTheMachine {}

extension CommandRuntime: InstanceRuntime {
    var endsByPrograms: Bool { true }

    func owns(_ body: ServiceBody) -> Bool { body.handed != nil }

    func start(
        _ services: [Service], of instance: Instance, in context: StepContext,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError) {
        let begun = try context.site.handed(instance.id)
        let (handed, answer) = try bring(instance, begun: begun, in: context)
        for service in services { try record(running(service, of: handed, answer, context)) }
    }

    func restart(
        _ service: Service, of instance: Instance, as before: RunningService, in context: StepContext
    ) throws(DeployError) -> RunningService {
        let (handed, answer) = try bring(instance, begun: nil, in: context)
        return running(service, of: handed, answer, context)
    }

    /// `begun`: how an interrupted try handed it over; the tool may have done all of it then.
    private func bring(_ instance: Instance, begun: HandedRelease?, in context: StepContext)
        throws(DeployError) -> (HandedRelease, OwnToolAnswer)
    {
        var handed = HandedRelease(instance, in: context)
        let look = OwnToolLook(handed, on: context.ports)
        try look.demandSecrets()
        if let begun {
            handed.found = begun.found
        } else if case .said(let answer) = look.seen() {
            handed.found = answer.found
        }
        try handed.write(at: context.site)
        let answer = try Handover(context: context, handed: handed).bring(stoppable: true)
        if !handed.tells(answer) {
            context.findings.warn(
                "nobody can tell whether the project's own tool did anything: release \(handed.release) may have run"
                    + " before, and its status names no \"deployment\" to tell the two apart")
        }
        return (handed, answer)
    }

    private func running(
        _ service: Service, of handed: HandedRelease, _ answer: OwnToolAnswer, _ context: StepContext
    ) -> RunningService {
        let path = HandedRelease.path(of: handed.instance, in: context.layout)
        var running = RunningService(
            name: service.name,
            body: .handed(HandedService(name: service.name, record: path, life: answer.life)),
            address: nil, since: context.ports.clock.now())
        // Whoever ends it has waited for the tool already.
        running.stop = Service.Stop(signal: .TERM, timeout: .seconds(1))
        return running
    }

    /// Only what is asked politely is ended; what is discarded is taken back by `sweep`, which knows what served before.
    func end(_ services: [RunningService], politely: Bool, on ports: Ports) {
        guard politely else { return }
        for (_, handed) in handed(services, on: ports).readable {
            let (look, tool) = (OwnToolLook(handed, on: ports), handed.environment.runtime.ownTool)
            let site = handed.site(on: ports)
            guard !site.isReplaced(handed), isThere(look), let tool,
                let request = look.request(tool.stop, within: tool.timeout),
                let own = try? site.own(request), ports.commands.run(own).succeeded
            else { continue }
            var end = Deadline(in: tool.timeout, at: ports.clock.now())
            while isThere(look), !end.hasPassed(at: ports.clock.now()) {
                ports.clock.sleep(for: .milliseconds(500))
            }
        }
    }

    private func isThere(_ look: OwnToolLook) -> Bool {
        if case .said(let answer) = look.seen() {
            answer.names(look.handed) && answer.state != .stopped
        } else {
            false
        }
    }

    func sweep(_ id: String, in context: StepContext) throws(DeployError) -> Bool {
        guard let handed = try context.site.handed(id) else { return true }
        if !context.site.isReplaced(handed) { try Handover(context: context, handed: handed).withdraw() }
        try context.ports.files.remove(HandedRelease.path(of: id, in: context.layout))
        return true
    }

    func running(_ services: [RunningService], on ports: Ports) -> Set<String> {
        sighting(of: services, on: ports).running
    }

    func sighting(of services: [RunningService], on ports: Ports) -> Sighting {
        let (readable, damage) = handed(services, on: ports)
        var sighting = Sighting(running: [], silence: damage.map { "\($0.what): \($0.why)" })
        for (path, handed) in readable {
            switch OwnToolLook(handed, on: ports).seen() {
            case .said(let answer):
                sighting.running.formUnion(
                    services.filter { $0.body.handed?.record == path && answer.runs($0.name, of: handed) }
                        .map(\.name))
            case .misspoken(let why), .silent(let why): sighting.silence = why
            }
        }
        return sighting
    }

    /// What the services were handed over as, each once, and why one of them cannot be told.
    private func handed(_ services: [RunningService], on ports: Ports)
        -> (readable: [(path: String, HandedRelease)], damage: DeployError?)
    {
        var readable: [(path: String, HandedRelease)] = []
        var damage: DeployError?
        for path in Set(services.compactMap(\.body.handed?.record)).sorted() {
            do throws(DeployError) {
                if let handed = try HandedRelease.read(path, ports.files) { readable.append((path, handed)) }
            } catch { damage = error }
        }
        return (readable, damage)
    }

    /// A tool elsewhere is not asked more often than it answers.
    var pauses: (first: Duration, most: Duration) { (.seconds(1), .seconds(10)) }

    /// The tool starts again what ends.
    func fallen(_ services: [RunningService], on ports: Ports) -> [RunningService] { [] }
    func entrust(_ services: [RunningService], on ports: Ports) throws(DeployError) {}
    func leaders(of services: [RunningService]) -> [ProcessIdentity] { [] }
    func ending(of service: RunningService, on ports: Ports) -> ProcessEnding? { nil }
    func lackedMemory(_ service: RunningService, on ports: Ports) -> Bool { false }
    func uses(of services: [RunningService], on ports: Ports) -> [String: ResourceUse] { [:] }
    func listeners(of service: RunningService, on ports: Ports) -> [String]? { nil }
    func stranger(onPort port: Int, insteadOf service: RunningService, on ports: Ports) -> String? { nil }

    func life(of service: RunningService, on ports: Ports) -> ServiceLife? {
        guard let body = service.body.handed else { return nil }
        let look: OwnToolLook
        do throws(DeployError) {
            guard let handed = try HandedRelease.read(body.record, ports.files) else { return nil }
            look = OwnToolLook(handed, on: ports)
        } catch { return ServiceLife(identity: body.life, complaint: "\(error.what): \(error.why)") }
        switch look.seen() {
        case .misspoken(let why), .silent(let why):
            return ServiceLife(identity: body.life, complaint: "its status cannot be asked: \(why)")
        case .said(let answer):
            guard answer.runs(body.name, of: look.handed) else { return nil }
            var life = ServiceLife(identity: answer.life)
            let isSick = answer.services?[body.name]?.healthy == false
            life.complaint = isSick ? "status says that it is not healthy" : look.ailment()
            life.isSick = life.complaint != nil
            return life
        }
    }

    /// In the release's folder on this machine, with what its tool knows.
    func console(
        _ program: Command, in service: RunningService, of instance: Instance, on ports: Ports,
        onTerminal: Bool, context: () throws(DeployError) -> StepContext
    ) throws(DeployError) -> CommandRequest? {
        guard let body = service.body.handed,
            let handed = try HandedRelease.read(body.record, ports.files)
        else { return nil }
        let (site, look) = (handed.site(on: ports), OwnToolLook(handed, on: ports))
        try look.demandSecrets()
        var own = try site.own(look.request(program, within: .seconds(30)))
        own.marker = site.layout.console
        return own
    }
}

extension CommandRuntime: ReleaseRuntime {
    /// As processes run them: in the release's folder, on this machine.
    func run(
        _ commands: [Command], for release: Timestamp, on database: DatabaseLocation?,
        within deadline: Duration, because what: String, in context: StepContext
    ) throws(DeployError) {
        try ProcessRuntime().run(
            commands, for: release, on: database, within: deadline, because: what, in: context)
    }
}

extension CommandRuntime: RuntimeInspection {
    func strays(of services: [RunningService], in release: Timestamp, at site: Site) -> [Stray] { [] }

    /// That nobody can tell, that something else is there, or that what is there is not well.
    func drift(of site: Site, serving: Serving?) -> [String] {
        guard let serving else { return [] }
        let handed: HandedRelease
        do throws(DeployError) {
            guard let known = try site.handed(serving.instance) else { return [] }
            handed = known
        } catch { return ["\(error.what): \(error.why)"] }
        let look = OwnToolLook(handed, on: site.ports)
        switch look.seen() {
        case .misspoken(let why), .silent(let why):
            return ["the project's own tool does not say what runs: \(why.firstLine)"]
        case .said(let answer) where !answer.names(handed):
            return [
                look.scrub(
                    "the project's own tool has something else than release \(handed.release): \(answer.words)"
                )
            ]
        case .said(let answer):
            let sick = (answer.services ?? [:]).filter { !$0.value.healthy }.keys.sorted()
            return sick.prefix(5).map { "status says that \(Shown.text($0)) is not healthy" }
                + [look.ailment()].compactMap { $0.map { "health: \($0.firstLine)" } }
        }
    }

    func silence(at site: Site) -> DeployError? {
        guard let id = site.records.current?.id else { return nil }
        let handed: HandedRelease
        do throws(DeployError) {
            guard let known = try site.handed(id) else { return nil }
            handed = known
        } catch { return error }
        switch OwnToolLook(handed, on: site.ports).seen() {
        case .said: return nil
        case .misspoken(let why), .silent(let why):
            return DeployError(
                .stepFailed,
                what: "The project's own tool does not say what runs in \(site.environment.name)",
                why: why, next: "deployctl doctor")
        }
    }
}

extension CommandRuntime: RuntimePrograms {
    func programs(for work: RuntimeWork, in layout: Layout) -> [ProgramCall] {
        guard let tool = layout.environment.runtime.ownTool else { return [] }
        func call(_ vector: [String]?, _ release: Timestamp? = nil) -> [ProgramCall] {
            Self.call(vector, release, in: layout)
        }
        func bring(_ release: Timestamp?) -> [ProgramCall] {
            let back = call(tool.rollback, release)
            let deploy = call(tool.deploy, release)
            return (back.isEmpty ? deploy : deploy.when("it is no way back") + back.when("it is a way back"))
                + call(tool.status, release)
        }
        return switch work {
        case .run: ProcessRuntime().programs(for: work, in: layout)
        case .start(_, let release): bring(release)
        case .restart: bring(nil)
        case .watch: call(tool.status)
        case .examine: call(tool.status) + call(tool.health)
        case .end: call(tool.status) + call(tool.stop)
        case .build, .check, .prune, .runJobs, .sweep, .startData, .stopData: []
        }
    }

    /// A command of the tool as a plan prints it; nothing where there is none.
    static func call(_ vector: [String]?, _ release: Timestamp?, in layout: Layout) -> [ProgramCall] {
        var values = ["environment": layout.environment.name]
        values["release"] = release.map { "\($0)" }
        let words = vector?.map { Braces.fill($0, with: values) } ?? []
        return Command(vector: words).map { [AccountCommands.call($0, as: layout.environment.user)] } ?? []
    }

    func place(of service: Service, of instance: String, in layout: Layout) -> CurlCommands.Place? { nil }
}

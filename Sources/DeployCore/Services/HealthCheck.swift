import FoundationEssentials

/// Asks the services of one instance, at their own addresses, whether they can serve.
struct HealthCheck {
    let context: StepContext

    private var records: InstanceRecords {
        context.site.records
    }

    /// What `wait` starts for an instance that the definition describes.
    static func programs(for instance: String, in layout: Layout) -> [ProgramCall] {
        let runtime = layout.environment.serviceRuntime
        return runtime.programs(for: .examine, in: layout)
            + programs(in: layout) { place(of: $0, of: instance, in: layout, runtime) }
    }

    /// What it starts for one that runs already, perhaps since the definition said otherwise where services listen.
    static func programs(forStarted instance: String, in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .examine, in: layout)
            + programs(in: layout) { $0.fastCGI == nil ? .port("{port}") : nil }.when("it listens on a port")
            + programs(in: layout) { service in
                .socket(
                    service.fastCGI == nil
                        ? layout.socket(of: service.name, in: instance) : layout.innerDoor(of: instance))
            }.when("it listens on a socket")
    }

    private static func programs(
        in layout: Layout, at place: (Service) -> CurlCommands.Place?
    ) -> [ProgramCall] {
        programs(asking: layout.environment.appServices, in: layout.environment, at: place)
    }

    /// What asking some services of an instance as it is started starts.
    static func programs(asking services: [Service], of instance: String, in layout: Layout) -> [ProgramCall]
    {
        let runtime = layout.environment.serviceRuntime
        return programs(asking: services, in: layout.environment) {
            place(of: $0, of: instance, in: layout, runtime)
        }
    }

    /// Who speaks no HTTP is asked through the front of its instance.
    private static func place(
        of service: Service, of instance: String, in layout: Layout, _ runtime: any ServiceRuntime
    ) -> CurlCommands.Place? {
        service.fastCGI == nil
            ? runtime.place(of: service, of: instance, in: layout) : .socket(layout.innerDoor(of: instance))
    }

    private static func programs(
        asking services: [Service], in environment: Environment, at place: (Service) -> CurlCommands.Place?
    ) -> [ProgramCall] {
        services.compactMap { service in
            guard service.health != nil, let place = place(service) else { return nil }
            return ProgramCall(CommandRequest.health(of: service, at: place, in: environment).command)
        }
    }

    /// Two good answers in a row from each service that has a health path, and every process alive; of a service in several
    /// copies one more than it has, so that each was asked.
    ///
    /// `only`: the services that are asked, by name; nil: all.
    @discardableResult
    func wait(for id: String, only: [String]? = nil, stoppable: Bool) throws(DeployError) -> String {
        guard let instance = records.read(id) else {
            throw DeployError(
                .stepFailed, what: "Deployment \(id) has no running instance", why: "its record is gone",
                next: "deployctl status")
        }
        let began = context.ports.clock.now()
        let lives = lives(of: instance)
        for running in instance.services
        where only?.contains(running.name) != false && running.rests != true {
            guard let service = context.environment.services.first(where: { $0.name == running.name }) else {
                continue
            }
            do throws(DeployError) {
                try wait(for: service, running, of: id, stoppable: stoppable)
            } catch { throw also(error, instance.services.filter { $0.name != running.name }, lives) }
        }
        return "healthy after \(context.ports.clock.now().timeIntervalSince(began).rounded(toPlaces: 2)) s"
    }

    /// Waits until at least one of several services is healthy; the names of those that are.
    ///
    /// The first that was started is the one that must not take too long: who comes after it has had its time, too.
    func waitForAny(of names: [String], in id: String, stoppable: Bool) throws(DeployError) -> Set<String> {
        guard let instance = records.read(id) else { return Set(names) }
        let lives = lives(of: instance)
        let asked = instance.services.filter { names.contains($0.name) && $0.rests != true }.compactMap {
            running in
            context.environment.services.first { $0.name == running.name }.map { ($0, running) }
        }
        guard let first = asked.first, asked.count == names.count else {
            // Nobody waits for one that rests, or that was left where it is.
            return Set(names).subtracting(asked.map(\.1.name))
        }
        var others: Set<String> = []
        do throws(DeployError) {
            try wait(for: first.0, first.1, of: id, stoppable: stoppable, age: Self.moment) {
                others = Set(asked.dropFirst().filter { isHealthy($0, $1, of: id) }.map(\.1.name))
                return !others.isEmpty
            }
        } catch { throw also(error, instance.services.filter { $0.name != first.1.name }, lives) }
        return others.isEmpty ? [first.1.name] : others
    }

    private func lives(of instance: Instance) -> [String: String?] {
        Dictionary(instance.services.map { ($0.name, life(of: $0)?.identity) }, uniquingKeysWith: { $1 })
    }

    private func isHealthy(_ service: Service, _ running: RunningService, of id: String) -> Bool {
        guard let life = life(of: running) else { return false }
        guard let health = service.health, let address = asked(service, running, of: id) else {
            return life.complaint == nil && hasReached(Self.moment, running)
        }
        return !life.isSick
            && (0...life.copies).allSatisfy { _ in complaint(address, service, health.path, running) == nil }
    }

    /// A clock that was set back tells no age.
    private func hasReached(_ age: Double, _ running: RunningService) -> Bool {
        !(0..<age).contains(context.ports.clock.now().timeIntervalSince(running.since))
    }

    /// Seconds; of one that cannot be asked, others that wait for it know no more than that it has not ended at once.
    private static let moment = 0.1

    /// The cause may lie in another service, which may not even be asked.
    ///
    /// `before`: which life of each service it was when the first was asked.
    private func also(
        _ error: DeployError, _ others: [RunningService], _ before: [String: String?]
    ) -> DeployError {
        let lines = others.filter { $0.rests != true }.compactMap { other -> String? in
            let complaint: String
            switch life(of: other) {
            case nil: complaint = "it ended"
            case let life? where life.identity != before[other.name]:
                complaint = "it ended and was started again"
            case let life? where life.isSick: complaint = life.complaint ?? "its own check says so"
            default: return nil
            }
            return
                "\(other.name) is not well either: \(complaint); its log: \(context.serviceLog(other.name))"
        }
        guard !lines.isEmpty else { return error }
        return DeployError(
            error.code, what: error.what, why: (lines + [error.why]).joined(separator: "\n"), next: error.next
        )
    }

    /// `age`: the seconds for which one that cannot be asked must have run; `isEnough`: whether something else ends the
    /// wait, asked each time after the service.
    private func wait(
        for service: Service, _ running: RunningService, of id: String, stoppable: Bool, age: Double = 0,
        unless isEnough: () -> Bool = { false }
    ) throws(DeployError) {
        do throws(DeployError) {
            try attempt(service, running, of: id, stoppable: stoppable, age: age, unless: isEnough)
        } catch {
            let port = LingeringPort(context: context, service: service, running: running)
            guard let again = try port.startAgain(in: id, stoppable: stoppable) else { throw error }
            try attempt(service, again, of: id, stoppable: stoppable, age: age, unless: isEnough)
        }
    }

    private func attempt(
        _ service: Service, _ running: RunningService, of id: String, stoppable: Bool, age: Double,
        unless isEnough: () -> Bool
    ) throws(DeployError) {
        var good = 0
        var last = "it has not answered yet"
        let first = life(of: running)
        let timeout = service.health?.timeout ?? .seconds(first?.complaint == nil ? 5 : 60)
        let healthy = try context.wait(
            upTo: timeout, every: .milliseconds(100), from: .milliseconds(5), stoppable: stoppable
        ) { () throws(DeployError) in
            guard let life = life(of: running) else {
                let ending = ServiceEnding(context: context, running: running, instance: id)
                throw failure(service, ending.words, running, next: ending.next)
            }
            guard life.identity == first?.identity else {
                let how = context.ports.words(forEndingOf: running).map { " \($0)" } ?? ""
                throw failure(service, "\(running.body) ended\(how) and was started again", running)
            }
            guard let health = service.health, let address = asked(service, running, of: id) else {
                last = life.complaint ?? last
                return life.complaint == nil && hasReached(age, running) || isEnough()
            }
            repeat {
                // An answer that is good and a check of its own that is not are no health.
                let complaint =
                    self.complaint(address, service, health.path, running)
                    ?? (life.isSick ? life.complaint : nil)
                good = complaint == nil ? good + 1 : 0
                last = complaint ?? last
            } while good > 0 && good <= life.copies
            return good > life.copies || isEnough()
        }
        guard healthy else {
            let why = running.address.flatMap { elsewhere($0, running) } ?? last
            throw failure(service, "\(why); waited \(Int(timeout.seconds)) s", running)
        }
    }

    /// nil where nothing can be asked, as before the front has started.
    private func asked(_ service: Service, _ running: RunningService, of id: String) -> ServiceAddress? {
        guard service.fastCGI != nil else { return running.address }
        let door = context.layout.innerDoor(of: id)
        return context.ports.files.kind(of: door) == nil ? nil : .socket(door)
    }

    private func complaint(
        _ address: ServiceAddress, _ service: Service, _ path: String, _ running: RunningService
    ) -> String? {
        if case .port(let port) = address,
            let other = running.runtime?.stranger(onPort: port, insteadOf: running, on: context.ports)
        {
            return other
        }
        let result = context.ports.commands.run(
            .health(of: service, at: address.place, in: context.environment))
        guard result.succeeded, let (answer, said) = CurlCommands.answer(result.output) else {
            return "\(path) does not answer: \(result.explanation)"
        }
        guard !answer.isGood else { return nil }
        return "\(path) answers \(answer.status)\(said.isEmpty ? "" : ": \(said)")"
    }

    /// Where a service listens that does not listen where it was told to.
    private func elsewhere(_ address: ServiceAddress, _ running: RunningService) -> String? {
        guard let places = running.runtime?.listeners(of: running, on: context.ports) else { return nil }
        let wanted: String
        switch address {
        case .port(let port), .tls(let port):
            if places.contains(where: { $0.ends(with: ":\(port)") }) { return nil }
            wanted = "HOST:PORT, here 127.0.0.1:\(port)"
        case .socket(let path):
            if context.ports.files.kind(of: path) != nil { return nil }
            wanted = "the unix socket SOCKET, here \(path)"
        }
        let place = places.isEmpty ? "nowhere" : "on \(places.joined(separator: ", "))"
        return "it listens \(place); it has to listen on \(wanted)"
    }

    private func life(of running: RunningService) -> ServiceLife? {
        running.runtime?.life(of: running, on: context.ports)
    }

    private func failure(
        _ service: Service, _ why: String, _ running: RunningService, next: String? = nil
    ) -> DeployError {
        let log = context.serviceLog(service.name)
        let begin = (try? context.ports.state.logPositions(of: context.plan.timestamp))?[service.name]?.bytes
        let base = LogFiles(ports: context.ports, path: log).base
        let lines = LogTail(files: context.ports.files).quotable(
            of: log, from: max(0, (begin ?? 0) - base), since: context.began(before: running.since))
        return DeployError(
            .stepFailed, what: "Service \(service.name) is not healthy",
            why: lines.isEmpty ? why : "\(why)\nlast lines of \(log):\n\(lines.joined(separator: "\n"))",
            next: next ?? context.wayOutOfSickness)
    }
}

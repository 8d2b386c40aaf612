import FoundationEssentials

/// Everything that is measured of environments, as families of samples.
public struct Metrics: Sendable {
    private let workspace: Workspace
    private let definitions: DefinitionLoader

    public init(_ workspace: Workspace, definitions: DefinitionLoader) {
        (self.workspace, self.definitions) = (workspace, definitions)
    }

    private var ports: Ports { workspace.ports }

    /// Looks at environments now, after counting what their access logs say since the last time.
    ///
    /// `version`: of this program. `warn` gets a sentence for each part of a log that is not counted.
    public func families(
        of environments: [Environment], version: String, warn: (String) -> Void
    ) throws(DeployError) -> [MetricFamily] {
        let status = try StatusCollector(workspace, definitions: definitions).status(of: environments)
        let deployed = DeployedDefinitions(ports, written: definitions)
        var measured: [MeasuredEnvironment] = []
        for one in status.environments {
            let site = workspace.site(one.look.facts.environment)
            for file in try TrafficCount(site: site, definitions: deployed).goOn() {
                warn("\(file) cannot be unpacked; its requests are not counted")
            }
            measured.append(try MeasuredEnvironment(one, at: site))
        }
        return [build(version)] + Self.state(measured) + Self.services(measured) + Self.runs(measured)
            + Self.traffic(measured) + Self.data(measured) + Self.promotion(status)
    }

    private func build(_ version: String) -> MetricFamily {
        var family = MetricFamily("build_info", .gauge, "Version of deployctl that measured.")
        family.add(true, ["version": version])
        return family
    }
}

/// What the samples of one environment are made of.
struct MeasuredEnvironment {
    let status: EnvironmentStatus
    let runs: [RunTimes]
    let steps: [StepTimes]
    let traffic: [Traffic]
    let schedules: [ScheduleLook]
    let probes: [ProbeTime]
    /// By place.
    let freeBytes: [(place: String, bytes: Int64)]
    let backups: Int
    let notices: NoticeCounts
    let now: Date

    init(_ status: EnvironmentStatus, at site: Site) throws(DeployError) {
        let (state, name) = (site.ports.state, site.environment.name)
        self.status = status
        (runs, steps) = (try state.runTimes(of: name), try state.stepTimes(of: name))
        traffic = try state.traffic(of: name)
        schedules = try ScheduleLook.all(in: site.environment, of: site.workspace)
        probes = ProbeTime.all(at: site)
        freeBytes = site.roomByPlace.map { ($0.place, $0.bytes) }
        backups = try state.backups(of: name).count
        notices = try state.noticeCounts(of: name)
        now = site.ports.clock.now()
    }

    var name: String { status.look.facts.environment.name }
}

/// How long one service took to answer at its health path.
struct ProbeTime {
    let service: String
    /// nil: it did not answer.
    let seconds: Double?

    /// Those of what serves that have a health path.
    static func all(at site: Site) -> [ProbeTime] {
        guard let instance = site.records.current else { return [] }
        var found: [ProbeTime] = []
        var wave = ProbeWave()
        for running in instance.services {
            guard let service = site.environment.services.first(where: { $0.name == running.name }),
                service.fastCGI == nil, let health = service.health, let address = running.address
            else { continue }
            let exchange = CurlExchange(
                address: address, method: "GET", path: health.path,
                headers: VisitorHeaders(environment: site.environment).headers(for: service), body: nil,
                deadline: .seconds(5))
            wave.ask(exchange.request) {
                found.append(ProbeTime(service: running.name, seconds: HTTPAnswer($0)?.seconds))
            }
        }
        wave.run(on: site.ports.commands) {}
        return found
    }
}

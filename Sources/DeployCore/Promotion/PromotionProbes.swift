import FoundationEssentials

/// Everything the facts need from other programs, asked at once.
struct PromotionProbes {
    let workspace: Workspace
    let source: EnvironmentFacts?
    let target: Environment

    private var ports: Ports { workspace.ports }
    private var project: String { workspace.project }

    /// What was asked, and where its answers will be.
    struct Asked {
        var wave = ProbeWave()
        fileprivate var places = Places()
        fileprivate var known: MeasuredProofs?
        fileprivate var seen: PromotionFactsCollector.Seen?
    }

    fileprivate struct Places {
        var door: Int?
        var services: [String: Int] = [:]
        var status: Int?
        var remotes: Int?
        var zones: [String: Int] = [:]
        var checks: [Int] = []
        var load: Int?
        var commands: [Int] = []
    }

    func ask(
        _ facts: PromotionFacts, reusing: Duration?, seen: PromotionFactsCollector.Seen?
    ) -> Asked {
        var asked = Asked()
        asked.seen = seen
        asked.known = remembered(facts, reusing)
        // The longest begin first.
        if asked.known == nil { askProofs(facts, &asked.wave, &asked.places) }
        if seen == nil { askSource(&asked.wave, &asked.places) }
        askCode(facts, &asked.wave, &asked.places, withStatus: seen == nil)
        askZones(facts, &asked.wave, &asked.places)
        return asked
    }

    func read(_ asked: Asked, into facts: inout PromotionFacts) {
        let (wave, places) = (asked.wave, asked.places)
        if let seen = asked.seen {
            (facts.sourceComplaints, facts.code.uncommitted) = (seen.sourceComplaints, seen.uncommitted)
        } else {
            readSource(wave, places, into: &facts)
            facts.code.uncommitted = wave.result(places.status).flatMap(SourceFacts.uncommitted)
        }
        facts.code.isPushed = wave.result(places.remotes).flatMap { result in
            result.succeeded ? !result.output.isEmpty : nil
        }
        facts.zones = places.zones.compactMapValues { wave.result($0).flatMap(ZoneProbe.offsets) }
        if let known = asked.known {
            (facts.proofs.checks, facts.proofs.load, facts.proofs.commands) = (
                known.checks, known.load, known.commands
            )
        } else {
            readProofs(wave, places, into: &facts)
        }
    }

    private func askCode(
        _ facts: PromotionFacts, _ wave: inout ProbeWave, _ places: inout Places, withStatus: Bool
    ) {
        let git = SourceFacts(workspace.site(target))
        if withStatus { places.status = wave.add(git.uncommittedRequest) }
        guard facts.rules.pushed, let commit = facts.release?.commit else { return }
        places.remotes = wave.add(git.remoteBranchesRequest(containing: commit))
    }

    private func askZones(_ facts: PromotionFacts, _ wave: inout ProbeWave, _ places: inout Places) {
        for zone in Set(facts.rules.windows.map(\.timezone)) {
            guard let request = ZoneProbe(files: ports.files).request(zone, around: facts.now) else {
                continue
            }
            places.zones[zone] = wave.add(request)
        }
    }

    private func askSource(_ wave: inout ProbeWave, _ places: inout Places) {
        guard let source, source.serving != nil else { return }
        places.door = FrontDoor(environment: source.environment).request().map { wave.add($0) }
        let instance = workspace.site(source.environment).records.current
        for service in instance?.services ?? [] {
            let health = source.environment.services.first { $0.name == service.name }?.health
            guard let health, let address = service.address else { continue }
            places.services[service.name] = wave.add(
                CommandRequest(
                    CurlCommands.probe(address, path: health.path, deadline: .seconds(5)),
                    deadline: .seconds(7)))
        }
    }

    private func askProofs(_ facts: PromotionFacts, _ wave: inout ProbeWave, _ places: inout Places) {
        if let source, let address = FrontDoor(environment: source.environment).address {
            for name in facts.rules.checks {
                guard let check = source.environment.checks.first(where: { $0.name == name }),
                    let secrets = secrets(check)
                else { continue }
                places.checks.append(wave.add(CheckSequence(check, at: address, secrets: secrets)))
            }
            places.load = facts.rules.slo.map { wave.add(LoadProbe.request($0, at: address)) }
        }
        for vector in facts.rules.commands {
            guard let command = Command(vector: vector) else { continue }
            places.commands.append(
                wave.add(
                    CommandRequest(
                        command, in: project, environment: variables(facts),
                        deadline: facts.rules.commandDeadline, outputLimit: 64 << 10)))
        }
    }

    private func variables(_ facts: PromotionFacts) -> [String: String] {
        var variables = ["DEPLOYCTL_ENVIRONMENT": facts.target, "DEPLOYCTL_COMMAND": "gates"]
        if let release = facts.release {
            variables["DEPLOYCTL_RELEASE"] = release.timestamp.description
            variables["DEPLOYCTL_COMMIT"] = release.commit
        }
        return variables
    }

    private func secrets(_ check: HTTPCheck) -> [String: String]? {
        var values: [String: String] = [:]
        for (name, source) in check.secrets {
            guard let secret = try? ports.secrets.fetch(source, named: name) else { return nil }
            values[name] = secret.exposed
        }
        return values
    }

    private func readSource(_ wave: ProbeWave, _ places: Places, into facts: inout PromotionFacts) {
        guard let source else { return }
        let observer = Observer(workspace)
        facts.sourceComplaints?.append(
            contentsOf: observer.complaints(
                aboutAnswersOf: source, answer: wave.result(places.door),
                services: places.services.mapValues { wave.result($0) ?? CommandResult(.timedOut) }))
    }

    private func readProofs(_ wave: ProbeWave, _ places: Places, into facts: inout PromotionFacts) {
        facts.proofs.checks = places.checks.compactMap(wave.outcome)
        if let slo = facts.rules.slo {
            facts.proofs.load = wave.result(places.load).flatMap { LoadProbe.measurement($0, slo) }
        }
        facts.proofs.commands = zip(facts.rules.commands, places.commands).map { vector, place in
            let result = wave.result(place)
            let complaint = result.map { $0.succeeded ? nil : $0.explanation } ?? "was not run"
            return CommandOutcome(command: Command(vector: vector)?.description ?? "", complaint: complaint)
        }
        remember(facts)
    }
}

extension PromotionProbes {
    private var memory: String {
        "\(Layout.tool(project))/\(target.name)/measured.json"
    }

    /// nil where there is nothing to measure that would be worth keeping.
    private func key(_ facts: PromotionFacts) -> String? {
        guard let release = facts.release, let definitions = facts.definitionDigest,
            let instance = source?.serving?.instance
        else { return nil }
        return "\(release.digest) \(definitions) \(instance)"
    }

    private func remembered(_ facts: PromotionFacts, _ reusing: Duration?) -> MeasuredProofs? {
        guard let reusing, let key = key(facts) else { return nil }
        return MeasuredProofs.read(
            memory, key: key, notBefore: facts.now.addingTimeInterval(-reusing.seconds), ports.files)
    }

    private func remember(_ facts: PromotionFacts) {
        let rules = facts.rules
        guard !rules.checks.isEmpty || rules.slo != nil || !rules.commands.isEmpty, let key = key(facts)
        else {
            return
        }
        MeasuredProofs(
            key: key, measuredAt: facts.now, checks: facts.proofs.checks, load: facts.proofs.load,
            commands: facts.proofs.commands
        ).write(memory, ports.files)
    }
}

import FoundationEssentials

/// What is measured at the source, and what was measured there last.
extension PromotionFactsCollector {
    func askProofs(in wave: inout ProbeWave) {
        (facts.proofs.checks, facts.proofs.commands) = ([], [])
        if let source = source?.facts.environment,
            let address = FrontDoor(layout: workspace.site(source).layout).address
        {
            let visitor = VisitorHeaders(environment: source).headers(for: nil)
            askChecks(of: source, at: address, in: &wave)
            if let slo = facts.rules.slo {
                wave.ask(LoadProbe.request(slo, at: address, visitor: visitor)) {
                    self.facts.proofs.load = LoadProbe.measurement($0, slo)
                }
            }
        }
        guard startsCommands else {
            let last = proofKey.flatMap {
                MeasuredProofs.read(proofFile, key: $0, notBefore: .distantPast, ports.files)
            }
            return facts.proofs.commands = facts.rules.commands.isEmpty ? [] : last?.commands
        }
        for vector in facts.rules.commands {
            guard let command = Command(vector: vector) else { continue }
            let request = CommandRequest(
                command, in: workspace.project, environment: variables,
                deadline: facts.rules.commandDeadline, outputLimit: 64 << 10)
            wave.ask(request) {
                self.facts.proofs.commands?.append(
                    CommandOutcome(
                        command: command.description, complaint: $0.succeeded ? nil : $0.explanation))
            }
        }
    }

    private func askChecks(
        of source: Environment, at address: ServiceAddress, in wave: inout ProbeWave
    ) {
        let visitor = VisitorHeaders(environment: source).headers(for: nil)
        for name in facts.rules.checks {
            guard let check = source.checks.first(where: { $0.name == name }), let secrets = secrets(check)
            else { continue }
            wave.ask(CheckSequence(check, at: address, secrets: secrets, visitor: visitor)) {
                self.facts.proofs.checks?.append($0.outcome)
            }
        }
    }

    private var variables: [String: String] {
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
            if case .command = source, !startsCommands { return nil }
            guard let secret = try? ports.secrets.fetch(source, named: name) else { return nil }
            values[name] = secret.exposed
        }
        return values
    }

    /// Takes what was measured no longer ago than this; false when it has to be measured.
    func recallProofs(notOlderThan age: Duration) -> Bool {
        guard let key = proofKey,
            let known = MeasuredProofs.read(
                proofFile, key: key, notBefore: facts.now.addingTimeInterval(-age.seconds), ports.files)
        else { return false }
        (facts.proofs.checks, facts.proofs.load, facts.proofs.commands) = (
            known.checks, known.load, known.commands
        )
        return true
    }

    func rememberProofs() {
        let (rules, proofs) = (facts.rules, facts.proofs)
        guard !rules.checks.isEmpty || rules.slo != nil || !rules.commands.isEmpty, let key = proofKey
        else { return }
        MeasuredProofs(
            key: key, measuredAt: facts.now, checks: proofs.checks, load: proofs.load,
            commands: proofs.commands
        ).write(proofFile, ports.files)
    }

    private var proofFile: String { "\(Layout.tool(workspace.project))/\(target.name)/measured.json" }

    /// nil where there is nothing to measure that would be worth keeping.
    private var proofKey: String? {
        guard let release = facts.release, let definitions = facts.definitionDigest,
            let instance = source?.facts.serving?.instance
        else { return nil }
        return "\(release.digest) \(definitions) \(instance)"
    }
}

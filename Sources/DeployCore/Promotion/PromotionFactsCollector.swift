import FoundationEssentials

/// Gathers what the gates judge by; whatever cannot be read stays nil.
///
/// Everything that waits for another program is asked in one wave, so that the slowest one decides how long it takes.
final class PromotionFactsCollector {
    let workspace: Workspace
    let definitions: DefinitionLoader
    let source: Lookout?
    let target: Environment
    var facts: PromotionFacts
    private let commit: String?
    /// Whether programs that the definition names are started; who only looks starts none.
    private(set) var startsCommands = true

    var ports: Ports { workspace.ports }

    /// About the release asked for, or about the one current at the source when `requested` is nil.
    ///
    /// Without a source, `commit` is the one that would be built.
    init(
        _ workspace: Workspace, definitions: DefinitionLoader, source: Lookout?, target: Environment,
        requested: Release? = nil, building commit: String? = nil
    ) {
        self.workspace = workspace
        self.definitions = definitions
        self.source = source
        self.target = target
        facts = PromotionFacts(
            source: source?.facts.environment.name ?? target.name, target: target.name,
            rules: target.promotion ?? Environment.Promotion(from: nil), at: workspace.ports.clock.now())
        facts.staged = source?.facts.release
        facts.release = requested ?? facts.staged
        facts.code.allowedBranches = target.branches
        self.commit = facts.release?.commit ?? commit
    }

    /// Asks for the facts, and for what `others` want to know, in the same wave.
    ///
    /// With `reusing`, checks, load and commands measured no longer ago than this for the same release are not
    /// measured again, and the project's own commands are not started: what they said last stands. The target is looked at, as everything else that no program has to know, while the programs run.
    func collect(
        reusing: Duration? = nil, beside others: [Lookout] = [],
        lookingAtTarget look: () throws(DeployError) -> EnvironmentFacts
    ) throws(DeployError) -> (facts: PromotionFacts, target: EnvironmentFacts) {
        let lookouts = others.contains { $0 === source } ? others : others + [source].compactMap(\.self)
        startsCommands = reusing == nil
        // What was measured before is known by the definitions' digest.
        let early = reusing == nil ? nil : try look()
        if let early { readDigest(early) }
        let isMeasured = reusing.map(recallProofs) ?? false

        var wave = ProbeWave()
        // The longest begin first.
        if !isMeasured { askProofs(in: &wave) }
        for lookout in lookouts { lookout.ask(in: &wave) }
        askCode(in: &wave)
        askZones(in: &wave)
        let known = try wave.run(on: ports.commands) { () throws(DeployError) in
            let known = if let early { early } else { try look() }
            for lookout in lookouts { lookout.lookMeanwhile() }
            readMeanwhile(known)
            return known
        }
        facts.sourceComplaints = source?.look.complaints
        if !isMeasured { rememberProofs() }
        return (facts, known)
    }

    private func askCode(in wave: inout ProbeWave) {
        let git = SourceFacts(workspace.site(target))
        wave.ask(git.uncommittedQuestion) {
            self.facts.code.uncommitted = SourceFacts.uncommitted($0.result)
            self.facts.code.isMerging = SourceFacts.isMerging($0.result)
            if case .notStarted(let reason) = $0.result.ending { self.facts.code.silence = reason }
        }
        askDefinitions(in: &wave)
        guard let commit else { return }
        wave.ask(git.branchesQuestion(containing: commit)) {
            self.facts.code.branches = SourceFacts.branches($0.result)
        }
        if git.isFar {
            wave.ask(GitCommands.request(git.git.remotes)) {
                self.facts.code.areBranchesSent = git.isSent($0)
            }
        }
        guard facts.rules.pushed else { return }
        wave.ask(git.remoteBranchesQuestion(containing: commit)) {
            self.facts.code.isPushed = $0.result.succeeded ? !$0.result.output.isEmpty : nil
        }
    }

    private func askDefinitions(in wave: inout ProbeWave) {
        let names = [target.name] + (source.map { [$0.facts.environment.name] } ?? [])
        let committed = CommittedDefinitions(files: ports.files, project: workspace.project)
        facts.code.looseDefinitions = []
        for path in Set(names.flatMap(definitions.files).map(ByteText.init)).map(\.text) {
            guard let request = committed.request(path) else {
                facts.code.looseDefinitions?.append(path)
                continue
            }
            wave.ask(request) { answer in
                guard let isCommitted = committed.holds(path, answer) else {
                    return self.facts.code.looseDefinitions = nil
                }
                if !isCommitted { self.facts.code.looseDefinitions?.append(path) }
            }
        }
    }

    private func askZones(in wave: inout ProbeWave) {
        let probe = ZoneProbe(files: ports.files)
        for zone in Set(facts.rules.windows.map(\.timezone)) {
            guard let request = probe.request(zone, around: facts.now) else { continue }
            wave.ask(request) { self.facts.zones[zone] = ZoneProbe.offsets($0) }
        }
    }

    private func readMeanwhile(_ target: EnvironmentFacts) {
        readDigest(target)
        if let source { readHistory(of: source.facts) }
        readData(of: target)
        readPeople()
        if let all = try? definitions.loadAll() {
            let shared = Isolation.findings(all)
            facts.collisions = shared.filter { !$0.onPurpose }.map(\.what)
            facts.sharedOnPurpose = shared.filter {
                $0.onPurpose && Set($0.environments) == [facts.source, facts.target]
            }.map(\.subject)
        }
    }

    private func readDigest(_ target: EnvironmentFacts) {
        guard facts.definitionDigest == nil, facts.rules.dependsOnDefinitions else { return }
        facts.definitionDigest = Self.digest(source?.facts, target)
    }

    /// What signatures are bound to besides the release.
    static func digest(_ source: EnvironmentFacts?, _ target: EnvironmentFacts) -> String? {
        guard let left = try? source.map({ try JSON.text($0.environment) }) ?? "",
            let right = try? JSON.text(target.environment)
        else { return nil }
        return SHA256.hexadecimal(of: "\(left)\n\(right)")
    }
}

extension Environment.Promotion {
    /// Whether something is signed or measured that a change of the definitions voids.
    fileprivate var dependsOnDefinitions: Bool {
        !checklist.isEmpty || approvals > 0 || !checks.isEmpty || slo != nil || !commands.isEmpty
    }
}

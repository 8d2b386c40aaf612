/// The life cycle of a change, the same for every verb: lock, settle, look, propose, show, confirm, look again,
/// compare, carry out.
struct ChangeLifeCycle {
    private let deployer: Deployer
    /// The environment's name.
    let name: String
    /// Which definition it goes by.
    enum Basis { case written, deployed }

    private let basis: Basis
    /// What the lock is held for, as whoever waits for it reads it.
    let purpose: String
    /// Looks at the environment and says what would be done to it.
    let propose: (Environment) throws(DeployError) -> Proposal

    /// `wish`: what was asked for besides verb and environment, as words; an idempotency key stands for that too.
    init(
        deployer: Deployer, name: String, by basis: Basis, purpose: String, wish: [String] = [],
        propose: @escaping (Environment) throws(DeployError) -> Proposal
    ) {
        self.deployer = deployer.wishing([purpose] + wish)
        self.name = name
        self.basis = basis
        self.purpose = purpose
        self.propose = propose
    }

    /// What would be done now; nothing is locked, settled or asked.
    ///
    /// - Throws: `.unfinishedRun` where a person has to settle an interrupted run first.
    func preview() throws(DeployError) -> Proposal {
        let environment = try definition()
        try deployer.refuseUnfinished(environment)
        return try proposal(environment, try RuleChanges(of: environment, in: deployer.ports.state))
    }

    private func definition() throws(DeployError) -> Environment {
        switch basis {
        case .written: try deployer.definitions.load(name)
        case .deployed: try deployer.deployedDefinitions.load(name)
        }
    }

    private func proposal(_ environment: Environment, _ rules: RuleChanges) throws(DeployError) -> Proposal {
        var proposal = try propose(environment)
        if proposal.draft.goal.opensPorts {
            let site = deployer.workspace.site(proposal.draft.facts.environment)
            try TakenPorts(site: site).refuse()
            try LobbyLook(site: site).refuse()
            try RootsPorts(site: site).refuse()
        }
        let certificate = try certificateNotices(proposal)
        proposal.notices += certificate
        proposal.warnings += certificate
        let waiting = basis == .deployed ? deployer.deployedDefinitions.waiting(for: environment) : nil
        proposal.strays = strays(left: proposal)
        proposal.notices =
            rules.notices + proposal.notices + [waiting, proposal.strays].compactMap(\.self)
        proposal.warnings += [waiting].compactMap(\.self)
        return proposal
    }

    /// What goes back or is started again stays as it was, whatever its certificate.
    private func certificateNotices(_ proposal: Proposal) throws(DeployError) -> [String] {
        guard basis == .written, proposal.upToDate == nil, proposal.draft.goal.opensPorts else { return [] }
        return try CertificateCheck(site: deployer.workspace.site(proposal.draft.facts.environment)).notices()
    }

    /// With the word of whoever has to consent; `require` refuses what needs no look, before the lock is waited for.
    func carryOut(
        _ consent: Consent = .none, requiring require: () throws(DeployError) -> Void = {}
    ) throws(DeployError) -> RunResult {
        do throws(DeployError) { return try result(consent, requiring: require) } catch {
            guard Self.sayingWhatServes.contains(error.code),
                let environment = try? deployer.deployedDefinitions.load(name)
            else { throw error }
            throw Aftermath.added(toRefusal: error, at: deployer.workspace.site(environment))
        }
    }

    /// Refusals after which somebody may ask what users have.
    private static let sayingWhatServes: Set<ExitCode> = [
        .invalidDefinition, .gateRefused, .backupFailed, .stepFailed, .needsPerson,
    ]

    private func result(
        _ consent: Consent, requiring require: () throws(DeployError) -> Void
    ) throws(DeployError) -> RunResult {
        if let earlier = try deployer.earlier(in: name) { return earlier }
        let environment = try definition()
        try require()
        if case .asked(let question) = consent, deployer.onlyProposes(in: name) {
            return try propose(environment, to: question)
        }
        return try deployer.exclusively(in: name, for: purpose) { () throws(DeployError) in
            if !deployer.isAdopting {
                try KitMark.refuse(in: deployer.workspace.project, deployer.ports.files)
            }
            if let earlier = try deployer.earlier(in: name) { return earlier }
            try Recovery(deployer: deployer).settleBefore(environment)
            let rules = try RuleChanges(of: environment, in: deployer.ports.state)
            let proposal = try proposal(environment, rules)
            if let sentence = proposal.upToDate { return .upToDate(sentence) }
            try Gates.require(proposal.gates, for: name)
            for warning in proposal.warnings { deployer.report(.warned(warning)) }
            let result = try carryOut(proposal, by: rules, consent)
            if result.succeeded { warnOfStrays(left: proposal) }
            return result
        }
    }

    /// What an agent asks for is written down, for a person to confirm exactly that; nothing is changed.
    private func propose(
        _ environment: Environment, to question: ConfirmationQuestion
    ) throws(DeployError) -> RunResult {
        try deployer.refuseUnfinished(environment)
        let rules = try RuleChanges(of: environment, in: deployer.ports.state)
        let proposal = try proposal(environment, rules)
        if let sentence = proposal.upToDate { return .upToDate(sentence) }
        try Gates.require(proposal.gates, for: name)
        try question.propose(proposal)
        let rule = rules.confirmation(overriding: !proposal.overrides.isEmpty)
        throw try ProposedPlan(deployer: deployer, proposal: proposal, rule: rule).recorded()
    }

    private func carryOut(
        _ proposal: Proposal, by rules: RuleChanges, _ consent: Consent
    ) throws(DeployError) -> RunResult {
        switch consent {
        case .none:
            if let strays = proposal.strays { deployer.report(.warned(strays)) }
            return try deployer.carryOut(proposal.draft, approval: nil)
        case .automatic:
            try rules.refuseUnseen()
            let approval = deployer.approval(of: proposal, by: .automatic)
            return try deployer.carryOut(
                proposal.draft, approval: approval, overrides: proposal.overrides)
        case .asked(let question):
            let rule = rules.confirmation(overriding: !proposal.overrides.isEmpty)
            let approval = try question.ask(about: proposal, by: rule, deployer)
            let again = try propose(try definition())
            try proposal.refuse(changeTo: again)
            try Gates.require(again.gates, for: name)
            return try deployer.carryOut(again.draft, approval: approval, overrides: again.overrides)
        }
    }

    private func warnOfStrays(left proposal: Proposal) {
        if let strays = strays(left: proposal) { deployer.report(.warned(strays)) }
    }

    /// What serves now keeps files that whatever is started next has not; nil where nothing else is started.
    private func strays(left proposal: Proposal) -> String? {
        guard proposal.upToDate == nil, Self.starting.contains(proposal.draft.kind) else { return nil }
        return ServingStrays(site: deployer.workspace.site(proposal.draft.facts.environment)).warning
    }

    private static let starting: Set<Deployment.Kind> = [.deploy, .promote, .rollback, .restart, .restore]
}

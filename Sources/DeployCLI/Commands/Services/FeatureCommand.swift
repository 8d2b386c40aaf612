import DeployCore
import FoundationEssentials

extension Verb {
    static let feature = Verb(
        "feature", .operate, operands: [.feature, .environment.optional, .share],
        summary: "Switch a feature on, off or on for some",
        paragraph: """
            Gives one of the definition's "features" another share, of staging unless ENV is named. Running services find it \
            in their file at once, without a deployment. It is confirmed like a promotion, recorded, and stays through \
            deployments, restarts and rollbacks until it is switched again. `deployctl status` lists the features.
            """,
        examples: [
            "deployctl feature payme on", "deployctl feature payme production 25%",
            "deployctl feature payme production off --confirm CONFIRM",
        ],
        flags: [.environment, .confirm], dryRun: true, exits: .changing + [.notConfirmed],
        body: .inProject(FeatureCommand.run))
}

/// `feature`: one switch of one environment.
struct FeatureCommand: ProjectCommand {
    let context: CommandContext

    func run() throws(DeployError) -> ExitCode {
        let feature = context.invocation.feature ?? ""
        let name = context.invocation.environmentMeant
        let share = try share(feature, name)
        try refuseTurned(feature, name, share)
        let change = context.deployer.feature(feature, of: name, to: share)
        let title = "Switch feature \(feature) of \(name.uppered) \(share)"
        if context.invocation.globals.dryRun {
            return try PlanReport(context: context).finish(try change.preview(), title: title)
        }
        let result = try change.carryOut(confirm: context.invocation.text("confirm")) {
            proposal throws(DeployError) in
            guard proposal.draft.facts.environment.confirmation != nil else { return }
            let answer = PlanAnswer(proposal, at: Timestamp(context.ports.clock.now()))
            context.say(
                answer.text(context.errorStyle, withCommands: false, title: title, folding: true) + "\n")
        } propose: { proposal throws(DeployError) in
            try PlanReport(context: context).print(proposal, title: title)
        }
        return try RunReport(context: context).finish(result)
    }

    private func share(_ feature: String, _ name: String) throws(DeployError) -> FeatureShare {
        let word = context.invocation.share ?? ""
        guard let share = FeatureShare(word) else {
            throw DeployError(
                .usage, what: "\(Shown.text(word)) is no share of users",
                why: "it is on, off, or a whole number of percent",
                next: "deployctl feature \(Shown.text(feature)) \(Shown.text(name)) 25%")
        }
        return share
    }

    /// The names the other way round.
    private func refuseTurned(_ feature: String, _ name: String, _ share: FeatureShare) throws(DeployError) {
        let known = context.definitions.names()
        guard known.contains(where: { $0 == feature }), !known.contains(where: { $0 == name }) else { return }
        throw DeployError(
            .usage, what: "\(feature) is an environment, and \(Shown.text(name)) is none",
            why: "the feature comes first", next: "deployctl feature \(Shown.text(name)) \(feature) \(share)")
    }
}

/// A feature in `status --json`.
struct FeatureAnswer: Encodable, Sendable {
    let name: String
    let percent: Int
    /// null where it is as the definition says.
    @OrNull var switchedBy: String?
    @OrNull var since: Date?
    @OrNull var reason: String?
    private let share: FeatureShare

    enum CodingKeys: String, CodingKey { case name, percent, switchedBy, since, reason }

    init(_ feature: Feature) {
        (name, percent, share) = (feature.name, feature.share.percent, feature.share)
        switchedBy = feature.switched?.performer
        since = feature.switched?.since
        reason = feature.switched?.reason
    }

    func line(at now: Date) -> String {
        guard let switchedBy, let since else { return "\(name) \(share)" }
        let why = reason.map { ": \($0)" } ?? ""
        return "\(name) \(share), switched \(HumanText.age(of: since, at: now)) by \(switchedBy)\(why)"
    }
}

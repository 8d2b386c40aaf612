/// What is to be done, before names are given; equal drafts have equal fingerprints.
public struct PlanDraft: Hashable, Sendable {
    public var kind: Deployment.Kind
    public var facts: EnvironmentFacts
    public var goal: Goal

    /// What the plan is to reach.
    public enum Goal: Hashable, Sendable {
        case build(commit: String, branch: String, subject: String)
        /// The current release again, under a changed definition.
        case redeploy(Release)
        case promote(Release, from: String, migrations: [String]?)
        case rollback(Release, data: Backup?)
        /// The same beside everything that serves, and nothing of it stays.
        case rehearse(Release, on: RehearsalData)
        case restart(service: String?)
        case start(service: String?)
        case stop(service: String?)
        case backUp
        /// A backup that is there, off the machine.
        case copy(Timestamp)
        /// One feature gets another share.
        case setFeature(Feature, to: FeatureShare)
        /// There is no release to bring anywhere; the gates say why.
        case nothing

        /// Whether the environment is to be reached at its ports afterwards.
        var opensPorts: Bool {
            switch self {
            case .build, .redeploy, .promote, .rollback, .restart(nil), .start(nil): true
            default: false
            }
        }
    }

    init(kind: Deployment.Kind, facts: EnvironmentFacts, goal: Goal) {
        self.kind = kind
        self.facts = facts
        self.goal = goal
    }

    /// The plan under these names; its id is that of the same draft under any names.
    public func plan(named names: PlanNames) -> Plan {
        var plan = unsealed(names)
        plan.id = fingerprint
        return plan
    }

    /// The steps as they would run, under names that stand for those given at the start.
    public func preview(at now: Timestamp) -> Plan { plan(named: PlanNames(from: now)) }

    /// Sixteen hexadecimal digits.
    var fingerprint: String {
        let text = (try? JSON.text(unsealed(.placeholder))) ?? ""
        return String(SHA256.hexadecimal(of: text).prefix(16))
    }

    private func unsealed(_ names: PlanNames) -> Plan {
        let builder = PlanBuilder(facts: facts, names: names)
        var plan = Plan(
            id: "", timestamp: names.deployment, kind: kind, environment: facts.environment,
            release: facts.release?.timestamp, commit: facts.release?.commit,
            previousRelease: facts.serving?.release, steps: builder.steps(for: goal), loss: facts.loss,
            features: facts.features)
        switch goal {
        case .build(let commit, _, _): (plan.release, plan.commit) = (names.deployment, commit)
        case .redeploy(let release), .promote(let release, _, _), .rollback(let release, _),
            .rehearse(let release, _):
            (plan.release, plan.commit) = (release.timestamp, release.commit)
        case .copy, .setFeature: (plan.release, plan.commit) = (nil, nil)
        case .restart, .start, .stop, .backUp, .nothing: break
        }
        return plan
    }
}

extension PlanDraft {
    /// The release that becomes current, by name.
    public var release: String? {
        switch goal {
        case .redeploy(let release), .promote(let release, _, _), .rollback(let release, _),
            .rehearse(let release, _):
            "\(release.timestamp)"
        case .build, .restart, .start, .stop, .backUp, .copy, .setFeature, .nothing: nil
        }
    }

    /// What is deployed, as a person calls it.
    var subject: String {
        if case .build(let commit, _, _) = goal { return "commit \(commit.prefix(8))" }
        return release ?? ""
    }

    /// What to know about where a fresh database's content comes from.
    var fillingNotices: [String] {
        guard case .backup(let copy) = facts.environment.database?.filling, facts.source != nil,
            copy.columns.isEmpty
        else { return [] }
        let how = copy.mask.isEmpty ? "unchanged" : "and nothing proves that its mask changes it"
        return [
            "real data of \(copy.environment) goes to \(facts.environment.name), \(how): \"database.fresh.masked\" is []"
        ]
    }
}

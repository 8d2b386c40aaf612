/// What a verb would do now, with everything a person should know before agreeing to it.
public struct Proposal: Sendable {
    public var draft: PlanDraft
    /// Why nothing has to change; nil where something has.
    public var upToDate: String?
    public var gates: [Finding] = []
    /// Gates that would refuse and that somebody goes on against.
    public var overrides: [GateOverride] = []
    /// Commits that become live, newest first.
    public var commits: [String] = []
    /// Commits that are live and will not be, newest first.
    public var undoneCommits: [String] = []
    public var changedKeys: [String] = []
    /// From the target's database as it is to the source's, where both could be asked; what the pending migrations
    /// do, and what else the two differ in.
    public var schema: SchemaDifference?
    /// What is lost, in a few words for the question; empty where nothing is or nobody looked.
    var stake = ""
    /// Sentences about loss, gaps and undoing.
    public var notices: [String]
    /// What is said as it is carried out, whoever is asked.
    var warnings: [String]
    /// What becomes of files that what serves now keeps beside its code; nil where nothing does.
    var strays: String?
    /// What the gates judged by; nil where none is asked.
    var judgedBy: PromotionFacts?
    /// Where a promoted release comes from, as it was found.
    var source: EnvironmentFacts?

    init(draft: PlanDraft, upToDate: String? = nil, notices: [String] = [], warnings: [String] = []) {
        self.draft = draft
        self.upToDate = upToDate
        self.notices = notices
        self.warnings = warnings
    }

    /// The draft's fingerprint, which an approval names.
    public var planID: String { draft.fingerprint }

    /// Whether a gate stands against it.
    public var isRefused: Bool { !gates.refused.isEmpty }

    /// Migrations the target's database lacks, by name.
    public var pendingMigrations: [String] {
        guard case .promote(_, _, let names) = draft.goal else { return [] }
        return names ?? []
    }

    /// - Throws: `.notConfirmed` when what was shown is no longer what would run.
    func refuse(changeTo now: Proposal) throws(DeployError) {
        guard planID != now.planID else { return }
        let lost = now.draft.facts.loss?.beyond(draft.facts.loss ?? RollbackLoss()) ?? ""
        throw DeployError(
            .notConfirmed, what: "The plan changed",
            why: lost.isEmpty
                ? "what was shown is no longer what would run; nothing was changed"
                : "meanwhile something would be lost of \(lost) too; nothing was changed",
            next: "look at the new plan and confirm that one")
    }
}

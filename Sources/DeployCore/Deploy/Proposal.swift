import FoundationEssentials

/// A plan with everything a person should know before agreeing to it.
public struct Proposal: Sendable {
    public var draft: PlanDraft
    public var gates: [Finding]
    /// Gates that would refuse and that somebody goes on against.
    public var overrides: [GateOverride]
    /// Commits that become live, newest first.
    public var commits: [String]
    /// Commits that are live and will not be, newest first.
    public var undoneCommits: [String] = []
    public var changedKeys: [String]
    /// From the target's database as it is to the source's, where both could be asked; what the pending migrations
    /// do, and what else the two differ in.
    public var schema: SchemaDifference?
    /// Sentences about loss, gaps and undoing.
    public var notices: [String]

    public init(
        draft: PlanDraft, gates: [Finding] = [], overrides: [GateOverride] = [], commits: [String] = [],
        changedKeys: [String] = [], notices: [String] = []
    ) {
        self.draft = draft
        self.gates = gates
        self.overrides = overrides
        self.commits = commits
        self.changedKeys = changedKeys
        self.notices = notices
    }

    /// The draft's fingerprint, which an approval names.
    public var planID: String { draft.fingerprint }

    /// Migrations the target's database lacks, by name.
    public var pendingMigrations: [String] {
        guard case .promote(_, _, let names) = draft.goal else { return [] }
        return names ?? []
    }
}

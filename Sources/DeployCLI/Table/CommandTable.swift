import DeployCore

/// Every command in the order help lists them; each is declared beside its body.
///
/// The parser, help, completions and the man page are projections of this table, so they cannot
/// disagree with one another.
public struct CommandTable: Sendable {
    public enum Group: String, CaseIterable, Sendable {
        case deploy = "Deploy"
        case look = "Look"
        case operate = "Operate"
        case setUp = "Set up"
    }

    public let tool = "deployctl"
    public let summary = "deploy releases to staging and production, and take them back"
    public let verbs: [Verb]
    public let globalFlags: [Flag]
    /// What deployctl types on another machine, or completion types, and no person.
    let unlisted: [Verb]

    init(verbs: [Verb], globalFlags: [Flag], unlisted: [Verb] = []) {
        self.unlisted = unlisted
        self.verbs = verbs
        self.globalFlags = globalFlags
    }

    public static let deployctl = CommandTable(
        verbs: [
            .staging, .production, .rollback, .status,
            .planStaging, .planProduction, .planRollback,
            .gates, .diff, .why, .history, .show, .audit, .auditVerify, .logs, .schedules, .metrics, .report,
            .validate,
            .doctor,
            .start, .stop, .restart, .exec, .db,
            .notifications, .notificationsSend, .notificationsRetry, .notificationsTest, .ack,
            .feature, .maintenanceOn, .maintenanceOff, .lockShow, .lockAcquire, .lockRelease, .resume, .abort,
            .approve, .approvals, .veto, .clear,
            .backupCreate, .backupList, .backupVerify, .backupCopy, .backupRestore,
            .backupPin, .backupUnpin, .backupPrune,
            .certificateRenew, .certificateStatus,
            .secretSet, .secretList, .secretRemove,
            .initialise, .hooksInstall, .gateKeeper, .bootInstall, .bootRemove, .bootStatus, .bootRun,
            .serverPrepare, .serverCheck,
            .kitCreate, .kitAdopt, .kitDrill, .adopt, .databasePrepare,
            .schema,
            .completion, .man, .help, .version,
        ],
        globalFlags: Flag.everywhere, unlisted: [.farGreet, .farRun, .farProgram, .farEnding, .candidates])

    /// The verb with exactly this path or alias.
    public func verb(_ path: [String]) -> Verb? {
        (verbs + unlisted).first { $0.path == path || $0.aliases.contains(path) }
    }

    /// Verbs whose path begins with these words, as `backup list` does with `backup`.
    public func verbs(below path: [String]) -> [Verb] {
        verbs.filter { $0.path.starts(with: path) }
    }

    /// The words that may follow `path`, in the order of the table.
    func children(of path: [String]) -> [String] {
        var found: [String] = []
        for verb in verbs(below: path) where verb.path.count > path.count {
            let word = verb.path[path.count]
            if !found.contains(word) { found.append(word) }
        }
        return found
    }

    /// The verb's own flags, then the global ones.
    func flags(of verb: Verb) -> [Flag] { verb.flags + globalFlags }
}

import FoundationEssentials

/// Everything a gate may judge by.
///
/// A fact that could not be read is nil, and what is nil never passes.
struct PromotionFacts: Hashable, Sendable {
    var source: String
    var target: String
    /// What the target's definition asks for.
    var rules: Environment.Promotion
    var now: Date
    /// What is asked to be promoted: the named release, else the source's current one.
    var release: Release?
    /// The release that is current at the source.
    var staged: Release?
    /// Why what the source proved is not believed since the state was rebuilt; nil where it is.
    var doubt: String?
    /// In what the staged folder is not what was built; empty when it is, byte for byte.
    var sealComplaints: [String]?
    /// Keys of the source's definition that changed after the release was deployed there.
    var changedKeys: [String]?
    /// Of the definitions of source and target, as the signatures carry it.
    var definitionDigest: String?
    /// What is wrong at the source now.
    var sourceComplaints: [String]?
    /// Since when nothing was deployed, started, stopped or restarted at the source.
    var undisturbedSince: Date?
    var proofs = ProofFacts()
    var code = CodeFacts()
    var data = DataFacts()
    var people = PeopleFacts()
    /// What two environments share and should not, in words.
    var collisions: [String]?
    /// What they share and may, by its name in the definitions, such as `database.server`.
    var sharedOnPurpose: [String] = []
    /// Offsets of the time zones the rules name; one that is unknown here is missing.
    var zones: [String: ZoneOffsets] = [:]

    init(
        source: String, target: String, rules: Environment.Promotion, at now: Date
    ) {
        self.source = source
        self.target = target
        self.rules = rules
        self.now = now
    }

    /// Measured at the source, for this release.
    struct ProofFacts: Hashable, Sendable {
        /// In the logs since the release was deployed there.
        var forbiddenLines: [ForbiddenLine]?
        /// Services of which it is not known what they logged since the deployment.
        var unsearchedLogs: [String] = []
        /// Of the checks the rules name, in their order.
        var checks: [CheckOutcome]?
        /// Requests sent to measure it.
        var load: LoadMeasurement?
        /// Of the rules' commands, in their order.
        var commands: [CommandOutcome]?
    }

    /// What git says.
    struct CodeFacts: Hashable, Sendable {
        /// That hold the release's commit, here or at a remote.
        var branches: [String]?
        var allowedBranches: [String] = []
        /// Whether they are the word of the machine that sent the commit, which nobody else could be asked about.
        var areBranchesSent = false
        /// Changes of tracked files in no commit.
        var uncommitted: Int?
        /// Whether two versions of a file wait to be made one.
        var isMerging = false
        /// Files of the definitions that are not as the newest commit has them; none where no commit could.
        var looseDefinitions: [String]?
        /// Whether a branch of a remote holds the commit.
        var isPushed: Bool?
        /// Why git could not be started; nil where it was.
        var silence: String?

        /// What git did not say, as a sentence.
        func unsaid(_ what: String) -> String {
            "git did not say \(what)" + (silence.map { ": \($0)" } ?? "")
        }
    }

    /// About migrations and backups.
    struct DataFacts: Hashable, Sendable {
        /// What the target's database has recorded.
        var recorded: [AppliedMigration]?
        /// What the source's database has recorded.
        var proved: [AppliedMigration]?
        /// Why one of the two is not known; nil where both are.
        var unreadable: DeployError?
        /// The release's migrations.
        var files: [MigrationFile]?
        /// Whether the project's own tool migrates, so that only it knows what is pending.
        var migratesItself = false
        var needsBackup = false
        /// Bytes the target's database takes.
        var bytes: Int64?
        /// Bytes free in the backup folder.
        var freeBytes: Int64?
        /// Where that is, for the message.
        var backupFolder = "the backup folder"
    }

    /// What people said.
    struct PeopleFacts: Hashable, Sendable {
        /// Of this release, whether they count or not.
        var signatures: [Signature]?
        /// Digests of those of them that the audit log knows.
        var audited: Set<String>?
        /// Everybody the state has ever seen.
        var known: People?
        /// Open vetoes of this release.
        var vetoes: [Veto]?
        /// Holds on the target.
        var holds: [Hold]?
    }
}

/// Lines of one service's log that hold a forbidden text.
struct ForbiddenLine: Hashable, Codable, Sendable {
    var service: String
    var text: String
    /// Lines, not occurrences.
    var count: Int
}

/// How one check ended; it passed when there is no complaint.
struct CheckOutcome: Hashable, Codable, Sendable {
    var name: String
    var complaint: String?
    /// How long all its requests took.
    var seconds: Double
}

/// How one command of the project's own ended.
struct CommandOutcome: Hashable, Codable, Sendable {
    var command: String
    var complaint: String?
}

/// What the load at the source showed.
struct LoadMeasurement: Hashable, Codable, Sendable {
    /// Sent.
    var requests: Int
    /// Answered with an error, or not at all.
    var failed: Int
    /// Seconds that ninety-five of a hundred requests stayed below.
    var p95: Double
}

import FoundationEssentials

/// Everything a gate may judge by.
///
/// A fact that could not be read is nil, and what is nil never passes.
public struct PromotionFacts: Hashable, Sendable {
    public var source: String
    public var target: String
    /// What the target's definition asks for.
    public var rules: Environment.Promotion
    public var now: Date
    /// What is asked to be promoted: the named release, else the source's current one.
    public var release: Release?
    /// The release that is current at the source.
    public var staged: Release?
    /// In what the staged folder is not what was built; empty when it is, byte for byte.
    public var sealComplaints: [String]?
    /// Keys of the source's definition that changed after the release was deployed there.
    public var changedKeys: [String]?
    /// Of the definitions of source and target, as the signatures carry it.
    public var definitionDigest: String?
    /// What is wrong at the source now.
    public var sourceComplaints: [String]?
    /// Since when nothing was deployed, started, stopped or restarted at the source.
    public var undisturbedSince: Date?
    public var proofs = ProofFacts()
    public var code = CodeFacts()
    public var data = DataFacts()
    public var people = PeopleFacts()
    /// What two environments share and should not, in words.
    public var collisions: [String]?
    /// Offsets of the time zones the rules name; one that is unknown here is missing.
    public var zones: [String: ZoneOffsets] = [:]

    public init(
        source: String, target: String, rules: Environment.Promotion, at now: Date
    ) {
        self.source = source
        self.target = target
        self.rules = rules
        self.now = now
    }

    /// Measured at the source, for this release.
    public struct ProofFacts: Hashable, Sendable {
        /// In the logs since the release was deployed there.
        public var forbiddenLines: [ForbiddenLine]?
        /// Of the checks the rules name, in their order.
        public var checks: [CheckOutcome]?
        /// Requests sent to measure it.
        public var load: LoadMeasurement?
        /// Of the rules' commands, in their order.
        public var commands: [CommandOutcome]?
    }

    /// What git says.
    public struct CodeFacts: Hashable, Sendable {
        /// On which the release was built.
        public var branch: String?
        public var allowedBranches: [String] = []
        /// Changes of tracked files in no commit.
        public var uncommitted: Int?
        /// Whether a branch of a remote holds the commit.
        public var isPushed: Bool?
    }

    /// About migrations and backups.
    public struct DataFacts: Hashable, Sendable {
        /// What the target's database has recorded.
        public var recorded: [AppliedMigration]?
        /// What the source's database has recorded.
        public var proved: [AppliedMigration]?
        /// The release's migrations.
        public var files: [MigrationFile]?
        /// Whether the project's own tool migrates, so that only it knows what is pending.
        public var migratesItself = false
        public var needsBackup = false
        /// Bytes the target's database takes.
        public var bytes: Int64?
        /// Bytes free in the backup folder.
        public var freeBytes: Int64?
        /// Where that is, for the message.
        public var backupFolder = "the backup folder"
    }

    /// What people said.
    public struct PeopleFacts: Hashable, Sendable {
        /// Of this release, whether they count or not.
        public var signatures: [ReleaseApproval]?
        /// Everybody the state has ever seen.
        public var performers: Set<String>?
        /// Open vetoes of this release.
        public var vetoes: [Veto]?
        /// Holds on the target.
        public var holds: [Hold]?
    }
}

/// Lines of one service's log that hold a forbidden text.
public struct ForbiddenLine: Hashable, Codable, Sendable {
    public var service: String
    public var text: String
    /// Lines, not occurrences.
    public var count: Int

    public init(service: String, text: String, count: Int) {
        self.service = service
        self.text = text
        self.count = count
    }
}

/// How one check ended; it passed when there is no complaint.
public struct CheckOutcome: Hashable, Codable, Sendable {
    public var name: String
    public var complaint: String?
    /// How long all its requests took.
    public var seconds: Double

    public init(name: String, complaint: String?, seconds: Double) {
        self.name = name
        self.complaint = complaint
        self.seconds = seconds
    }
}

/// How one command of the project's own ended.
public struct CommandOutcome: Hashable, Codable, Sendable {
    public var command: String
    public var complaint: String?

    public init(command: String, complaint: String?) {
        self.command = command
        self.complaint = complaint
    }
}

/// What the load at the source showed.
public struct LoadMeasurement: Hashable, Codable, Sendable {
    /// Sent.
    public var requests: Int
    /// Answered with an error, or not at all.
    public var failed: Int
    /// Seconds that ninety-five of a hundred requests stayed below.
    public var p95: Double

    public init(requests: Int, failed: Int, p95: Double) {
        self.requests = requests
        self.failed = failed
        self.p95 = p95
    }
}

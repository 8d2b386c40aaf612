/// What is known of one environment when a plan is made; collected first, judged later.
public struct EnvironmentFacts: Hashable, Sendable {
    /// Absolute path of the project.
    public var project: String
    /// With the strategy decided.
    public var environment: Environment
    /// What has the traffic, by the link and its record; nil when nothing was ever started or it was stopped.
    public var serving: Serving?
    /// Whether the serving instance's processes run.
    var servingRuns: Bool
    /// The release the last succeeded deployment made current.
    public var release: Release?
    /// The database generation in use.
    public var database: DatabaseLocation?
    /// What the environment's data was in and is not there any more; nil where nothing is missing.
    var lostDatabase: DatabaseLocation?
    var recordedMigrations: [String]
    /// Why it is not known which are recorded; nil where it is, and where nothing can be asked.
    var unreadable: DeployError?
    /// Why the server does not give its database, to the application or to who looks after it; nil where it does, and
    /// where nobody asked.
    var denied: DeployError?
    /// Whether there is a database that could not be asked which migrations it has.
    var unasked = false
    /// Only for emergencies, with a reason.
    public var skipsSafetyBackup: Bool
    /// Whether an authority has to be asked for a certificate before the https port can be opened.
    var lacksCertificate = false
    /// Whether the backup before a deployment counts without a proof, and nothing is rehearsed on it.
    var takesUnproved = false
    /// The backup a fresh database is filled from; nil where the definition asks for none.
    public var source: BackupSource?
    /// Features as they are now; nil where the definition has none.
    var features: [String: FeatureShare]?
    /// What going back to the chosen backup takes away; nil for anything but a rollback with data.
    var loss: RollbackLoss?

    init(
        project: String, environment: Environment, serving: Serving? = nil, servingRuns: Bool = false,
        release: Release? = nil, database: DatabaseLocation? = nil, recordedMigrations: [String] = [],
        skipsSafetyBackup: Bool = false
    ) {
        self.project = project
        self.environment = environment
        self.serving = serving
        self.servingRuns = servingRuns
        self.release = release
        self.database = database
        self.recordedMigrations = recordedMigrations
        self.skipsSafetyBackup = skipsSafetyBackup
    }
}

extension EnvironmentFacts {
    /// Where everything of the environment lies.
    public var layout: Layout { Layout(project: project, environment: environment) }

    /// What serves though the state knows of no deployment, as after one that was lost; nil otherwise.
    var unknownRelease: Timestamp? { release == nil ? serving?.release : nil }

    /// Whether there is something a backup could hold.
    var hasData: Bool {
        database != nil
            || environment.database == nil && release != nil && !environment.backup.folders.isEmpty
    }

    /// Nothing begins on an empty database in the place of one that held data.
    ///
    /// - Throws: `code`, with the way to get the data back.
    func refuseLost(as code: ExitCode = .gateRefused, backups: [Backup]) throws(DeployError) {
        guard let lostDatabase else { return }
        let name = environment.name
        let newest = backups.first { $0.verified != .no }
        throw DeployError(
            code, what: "Database \(lostDatabase.name) of \(name) is gone",
            why:
                "what was deployed there kept its data in it, and an empty one would not have that; nothing was changed",
            next: newest.map { "deployctl backup restore \(name) \($0.timestamp)" }
                ?? "bring it back; to begin anew, make an empty one by hand")
    }

    /// Nothing is begun that would come to a server that cannot be used.
    ///
    /// - Throws: `.gateRefused`, with what to mend first.
    func refuseDenied() throws(DeployError) {
        guard let denied else { return }
        throw DeployError(
            .gateRefused, what: "\(environment.name) does not get its database",
            why: "\(denied.why)\nnothing was changed", next: denied.next)
    }

    /// A database that begins fresh is replaced whatever is in it.
    ///
    /// - Throws: why it is not known which migrations are recorded.
    func refuseUnreadable() throws(DeployError) {
        if let unreadable, environment.database?.fresh != true { throw unreadable }
    }
}

extension Environment {
    /// The project's own programs around the steps of a run.
    struct Hooks: Hashable, Codable, Sendable {
        /// Where programs are run.
        enum Place: String, CaseIterable, Codable, Sendable { case project, release }

        /// By moment; each one after the other.
        var commands: [Moment: [[String]]] = [:]
        var place: Place = .project
        /// How long each may take.
        var timeout: Duration = .seconds(300)
    }

    /// Before or after what.
    enum Moment: String, CaseIterable, CodingKeyRepresentable, Codable, Hashable, Sendable {
        case preDeploy = "pre-deploy"
        case postDeploy = "post-deploy"
        case preBuild = "pre-build"
        case postBuild = "post-build"
        case preBackup = "pre-backup"
        case postBackup = "post-backup"
        case preMigrate = "pre-migrate"
        case postMigrate = "post-migrate"
        case preCutover = "pre-cutover"
        case postCutover = "post-cutover"
        case preRestore = "pre-restore"
        case postRestore = "post-restore"
        case preRollback = "pre-rollback"
        case postRollback = "post-rollback"

        /// Whether what follows does not happen where it fails.
        var comesBefore: Bool { rawValue.begins(with: "pre-") }
        /// Whether the new release's folder is not there yet.
        var precedesRelease: Bool { [.preDeploy, .preBuild].contains(self) }
    }

    var hooks: Hooks {
        get { definedHooks ?? Hooks() }
        set { definedHooks = newValue == Hooks() ? nil : newValue }
    }
}

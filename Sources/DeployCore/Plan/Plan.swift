/// The ordered list of steps of one run, with the definition it was computed from.
///
/// Stored before the first step. Dry run, approval, execution, journal, resume and history read
/// this one value; a later process continues it without looking at the definition files again.
public struct Plan: Hashable, Codable, Sendable {
    /// Fingerprint of everything but the names given at the start; what an approval is bound to.
    public var id: String
    /// The deployment's name.
    public var timestamp: Timestamp
    public var kind: Deployment.Kind
    /// As the definition was when the plan was made, with the strategy decided.
    public var environment: Environment
    /// The release that is current once the plan is done.
    public var release: Timestamp?
    /// Of that release; nil where the plan knows none.
    public var commit: String?
    /// What served before; nil when nothing did.
    public var previousRelease: Timestamp?
    var steps: [Step]
    /// nil where nothing of the data goes back.
    var loss: RollbackLoss?
    /// Features as they were when it was made; nil where the definition has none.
    var features: [String: FeatureShare]?

    var titles: [String] { steps.map(\.work.title) }
}

extension Plan {
    /// The one service it starts or stops; nil when it is about all of them.
    public var service: String? {
        let changes = steps.filter { $0.work.id != CheckRelease.id }.map { step -> String? in
            switch step {
            case .stopService(let work): work.service
            case .startService(let work): work.service
            default: nil
            }
        }
        guard let first = changes.first, let name = first else { return nil }
        guard changes.contains(where: { $0 != name }) else { return name }
        return environment.services.first { $0.name == name }?.definedName
    }

    /// The release that may not be promoted once it is done; nil where it forbids none.
    public var vetoes: Timestamp? {
        let found = steps.lazy.compactMap { step in
            if case .vetoRelease(let work) = step { work.release } else { nil }
        }
        return found.first
    }

    /// The feature it switches, its new share, and the one before; nil where it switches none.
    public var switched: (feature: String, share: FeatureShare, before: FeatureShare)? {
        let found = steps.lazy.compactMap { step in
            if case .setFeature(let work) = step { (work.feature, work.share, work.before) } else { nil }
        }
        return found.first
    }

    /// Whether it puts a backup in the place of the database.
    var restoresDatabase: Bool {
        steps.contains { if case .restoreBackup = $0 { true } else { false } }
    }

    /// The backup it takes first, or copies; nil where it does neither.
    public var backup: Timestamp? {
        let names = steps.lazy.compactMap { step in
            switch step {
            case .backUp(let work): work.backup
            case .copyBackup(let work): work.backup
            default: nil as Timestamp?
            }
        }
        return names.first
    }
}

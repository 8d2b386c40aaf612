import FoundationEssentials

/// A release as it is handed to the project's own tool, with the definition that says how.
///
/// Written into the instance's folder before the tool is started: from then on it may have begun. Holds no secret.
struct HandedRelease: Hashable, Codable, Sendable {
    var project: String
    var environment: Environment
    var instance: String
    var release: Timestamp
    /// nil where the state does not know it.
    var commit: String?
    /// What it takes the place of; nil where nothing served.
    var previous: Timestamp?
    /// What the tool's status said of a release before anything was handed over; nil where nobody could tell, and where
    /// something served.
    var found: Found?
    /// What its services use; nil where the application has none.
    var database: DatabaseLocation?

    init(_ instance: Instance, in context: StepContext) {
        let (plan, current) = (context.plan, context.site.records.current)
        (project, environment) = (context.layout.project, context.environment)
        (self.instance, release, database) = (instance.id, instance.release, instance.database)
        let known = (try? context.ports.state.release(instance.release)) ?? nil
        commit = known?.commit ?? (plan.release == instance.release ? plan.commit : nil)
        previous = current?.id == instance.id ? nil : current?.release
    }

    /// What was there before deployctl came; nil: nothing.
    struct Found: Hashable, Codable, Sendable { var release: String? }

    /// nil where nothing was handed over, or its record is gone or damaged.
    init?(at path: String, _ files: any FileStore) {
        guard let data = (try? files.read(path)) ?? nil,
            let handed = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = handed
    }

    static func path(of instance: String, in layout: Layout) -> String {
        "\(layout.instance(instance))/handed.json"
    }

    /// Its environment, as the definition it was handed over with has it.
    func site(on ports: Ports) -> Site { Workspace(ports: ports, project: project).site(environment) }

    func write(at site: Site) throws(DeployError) {
        try site.ports.files.publish(JSON.data(self), to: Self.path(of: instance, in: site.layout))
    }
}

extension Site {
    /// What was handed over for an instance; nil where nothing was.
    func handed(_ instance: String) -> HandedRelease? {
        HandedRelease(at: HandedRelease.path(of: instance, in: layout), ports.files)
    }

    /// Whether another instance was handed over after this one, which the tool has given up then.
    func isReplaced(_ handed: HandedRelease) -> Bool {
        records.all.contains { $0 > handed.instance && self.handed($0) != nil }
    }
}

/// One service of what the project's own tool runs, as it was seen first.
public struct HandedService: Hashable, Codable, Sendable {
    var name: String
    /// Where the record of its hand-over lies.
    var record: String
    /// Which life of it was seen.
    var life: String
}

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
    /// What the tool's status said before this was handed over for the first time; nil where nobody could tell.
    var found: Found?
    /// What its services use; nil where the application has none.
    var database: DatabaseLocation?

    init(_ instance: Instance, in context: StepContext) {
        let plan = context.plan
        (project, environment) = (context.layout.project, context.environment)
        (self.instance, release, database) = (instance.id, instance.release, instance.database)
        let known = (try? context.ports.state.release(instance.release)) ?? nil
        commit = known?.commit ?? (plan.release == instance.release ? plan.commit : nil)
        previous = plan.previousRelease
    }

    /// What ran; nil: nothing, and where the tool gives its deployments no names.
    struct Found: Hashable, Codable, Sendable {
        var release: String?
        var deployment: String?
    }

    /// What was handed over; nil where nothing was.
    ///
    /// - Throws: `.needsPerson` where its record is there and cannot be read.
    static func read(_ path: String, _ files: any FileStore) throws(DeployError) -> HandedRelease? {
        let data: Data?
        do throws(DeployError) { data = try files.read(path) } catch { throw unreadable(path, error.why) }
        guard let data else { return nil }
        do { return try JSONDecoder().decode(Self.self, from: data) } catch {
            throw unreadable(path, "it is not what deployctl wrote")
        }
    }

    /// Nobody can tell what was handed over, so that nothing may be ended or thought ended.
    static func unreadable(_ path: String, _ why: String) -> DeployError {
        DeployError(
            .needsPerson, what: "What the project's own tool was given cannot be read",
            why: "\(path): \(why)",
            next:
                "put that file back from a copy; or stop what runs with the tool itself, remove the file, and deploy again"
        )
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
    ///
    /// - Throws: `.needsPerson` where its record is there and cannot be read.
    func handed(_ instance: String) throws(DeployError) -> HandedRelease? {
        try HandedRelease.read(HandedRelease.path(of: instance, in: layout), ports.files)
    }

    /// Whether another instance was handed over after this one, which the tool has given up then.
    func isReplaced(_ handed: HandedRelease) -> Bool {
        records.all.contains {
            $0 > handed.instance && ports.files.kind(of: HandedRelease.path(of: $0, in: layout)) != nil
        }
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

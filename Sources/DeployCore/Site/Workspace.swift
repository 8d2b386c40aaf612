/// A project on this machine, and the world it is reached through.
public struct Workspace: Sendable {
    public let ports: Ports
    /// Absolute path of the project's folder.
    public let project: String

    public init(ports: Ports, project: String) {
        self.ports = ports
        self.project = project
    }

    /// One of its environments.
    public func site(_ environment: Environment) -> Site {
        Site(ports: ports, layout: Layout(project: project, environment: environment))
    }

    /// The release that has an environment's traffic; nil where nothing has it.
    public func serving(_ environment: Environment) -> Timestamp? {
        site(environment).records.current?.release
    }

    /// What an environment's visitors see instead; nil where they see the application.
    public func maintenance(of environment: Environment) -> Maintenance? {
        MaintenancePlace(layout: site(environment).layout).present(ports.files)
    }
}

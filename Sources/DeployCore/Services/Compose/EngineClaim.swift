/// Whose it is what the engine has under an environment's name: another copy of the project, elsewhere on this machine,
/// has the same names.
struct EngineClaim {
    let site: Site

    /// Where Compose notes the file a container was started from.
    private static let file = "com.docker.compose.project.config_files"

    /// - Throws: `.invalidDefinition` naming the folder whose containers or network these are. An engine that does not
    ///   answer is left to who needs it.
    func check() throws(DeployError) {
        let environment = site.environment
        let containers = (try? site.ports.engine.containers(ContainerLabels.of(environment))) ?? []
        for container in containers {
            guard let file = container.labels[Self.file], let (folder, _) = file.cut(at: "/.deployctl/")
            else {
                continue
            }
            try check(
                String(folder), made: "container \(container.id.prefix(12)) of service \(container.service)")
        }
        let name = environment.networkName
        let network = site.ports.commands.run(
            CommandRequest(ContainerCommands.inspect(.network, name, format: ContainerResources.format)))
        if network.succeeded {
            try check(ContainerResources.labels(network)[ContainerLabels.site], made: "network \(name)")
        }
    }

    /// - Throws: `.invalidDefinition` when the project in `folder` made this and is still there; nil: nobody knows.
    func check(_ folder: String?, made what: String) throws(DeployError) {
        let (project, name) = (site.layout.project, site.environment.name)
        guard let folder, folder != project, isThere("\(Layout.tool(folder))/\(name)"),
            site.ports.files.identity(of: folder) != site.ports.files.identity(of: project)
        else { return }
        let shown = Shown.text(folder, limit: 4096)
        throw DeployError(
            .invalidDefinition, what: "The engine's \(what) belongs to the project in \(shown)",
            why:
                "\(site.environment.project) \(name) of that folder would lose its containers and data to this one",
            next: "work in \(shown), or give \"project\" another name in environments/\(name).json")
    }

    /// Below a folder that lets nobody in, anything may be.
    private func isThere(_ path: String) -> Bool {
        let files = site.ports.files
        guard files.kind(of: path) == nil else { return true }
        var place = Path.parent(path)
        while place != "/", files.kind(of: place) == nil { place = Path.parent(place) }
        return !site.ports.commands.run(CommandRequest(Self.entering(place), deadline: .seconds(5))).succeeded
    }

    /// What looking for another folder starts.
    static var programs: [ProgramCall] { [entering("{folder}")].calls.when("another folder made it") }

    private static func entering(_ folder: String) -> Command { Command("test", ["-x", "\(folder)/."]) }
}

import FoundationEssentials

/// Sees that what the engine opens is what was judged, right before containers start.
///
/// Who may write a folder can put a link in it, and the engine would follow that link when it starts a container which
/// mounts what lies inside. So no container that is there, running or not, may write a folder in which another one's mount
/// lies; and when nobody can change them, the ways to all mounts have to be free of links.
struct ComposeMountCheck {
    let context: StepContext

    private var layout: Layout { context.layout }

    /// `document`: the complete file that is about to start.
    func check(_ document: JSONTree) throws(DeployError) {
        let wanted = ComposeMount.all(of: document)
        guard !wanted.isEmpty else { return }
        for container in try others() {
            for theirs in container.mounts ?? [] where theirs.Type == "bind" {
                let theirs = ComposeMount(path: theirs.Source, isWritable: theirs.RW)
                for (service, mine) in wanted where theirs.leads(to: mine) || mine.leads(to: theirs) {
                    throw clash(service, mine, theirs, container.name)
                }
            }
        }
        for (service, mount) in wanted {
            guard let link = link(on: mount.path) else { continue }
            throw DeployError(
                .gateRefused, what: "Service \(service) cannot mount \(Shown.text(mount.path, limit: 200))",
                why: "\(Shown.text(link, limit: 200)) became a link",
                next: "put a folder in its place, then run the same command again")
        }
    }

    /// The same for a file that was written before; nothing there is fine.
    func check(fileOf path: String) throws(DeployError) {
        guard let data = try context.ports.files.read(path) else { return }
        try check(JSON.value(JSONTree.self, from: data, named: path))
    }

    /// What `check` starts.
    static func programs(in layout: Layout) -> [ProgramCall] {
        [ContainerCommands.list(labels(in: layout))].calls
            + [ContainerCommands.inspect(["{containers…}"], format: Container.format)].calls
            .when("there are any")
    }

    private static func labels(in layout: Layout) -> [String: String] {
        [ContainerLabels.project: layout.environment.project]
    }

    private func others() throws(DeployError) -> [Container] {
        let engine = context.ports.engine
        return try engine.inspect(engine.ids(Self.labels(in: layout)), format: Container.format)
    }

    private func clash(_ service: String, _ mine: ComposeMount, _ theirs: ComposeMount, _ name: String)
        -> DeployError
    {
        let (inner, outer) = theirs.leads(to: mine) ? (mine, theirs) : (theirs, mine)
        let who = theirs.leads(to: mine) ? "container \(Shown.text(name))" : "service \(service)"
        return DeployError(
            .gateRefused, what: "Service \(service) cannot mount \(Shown.text(mine.path, limit: 200))",
            why: "\(who) may write \(Shown.text(outer.path, limit: 200)), and could put a link where "
                + "\(Shown.text(inner.path, limit: 200)) is mounted beside it",
            next: "mount the same folder as before, or end what runs with "
                + "deployctl stop \(environmentName), then run the same command again")
    }

    private var environmentName: String { layout.environment.name }

    /// The first link below a folder that a container may write, or of the environment's own.
    private func link(on path: String) -> String? {
        let own = [layout.shared, layout.releases, layout.root]
        let granted = layout.environment.services.flatMap { $0.grants?.writable ?? [] }.sorted()
        guard let base = (own + granted).first(where: { ComposeGround.isBelow(path, $0) }) else { return nil }
        var place = base
        for part in (path.after(base) ?? "").split(at: "/") {
            place += "/\(part)"
            if context.ports.files.linkTarget(place) != nil { return place }
        }
        return nil
    }

    private struct Container: Decodable {
        struct Mount: Decodable {
            var `Type`: String
            var Source: String
            var RW: Bool
        }

        var name: String
        var mounts: [Mount]?

        static let format = #"{"name":{{json .Name}},"mounts":{{json .Mounts}}}"#
    }
}

/// Removes what was built for releases that go away.
struct ImagePruner {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var ports: Ports { site.ports }
    private var layout: Layout { site.layout }

    /// Takes a release's names from its images; an image goes with its last name.
    ///
    /// Nothing happens while another environment keeps the release. Images that were only pulled stay.
    func prune(_ release: Timestamp) throws(DeployError) {
        guard !isKeptElsewhere(release),
            let images = try ReleaseImages.read(ports.files, in: layout.release(release))
        else { return }
        let built = images.services.filter {
            $0.value.image == ReleaseImages.name(layout.environment, $0.key, release)
        }
        guard !built.isEmpty else { return }
        let names = built.values.map(\.image).sorted()
        _ = ports.commands.run(
            CommandRequest(ContainerCommands.removeImages(names), deadline: .seconds(120)))
    }

    /// What `prune` starts.
    static var programs: [ProgramCall] {
        [ContainerCommands.removeImages(["{images…}"])].calls.when("a release with images of its own goes")
    }

    private func isKeptElsewhere(_ release: Timestamp) -> Bool {
        let tool = Layout.tool(layout.project)
        return ports.files.names(in: tool).contains { environment in
            environment != layout.environment.name
                && ports.files.kind(of: "\(tool)/\(environment)/releases/\(release)") == .folder
        }
    }
}

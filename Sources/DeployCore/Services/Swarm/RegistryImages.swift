import FoundationEssentials

/// Images of a release in the registry, from which every machine of the swarm takes them; only digests count.
struct RegistryImages {
    let context: StepContext

    /// Pushes what was built or pulled, and keeps the digest under which the registry has each.
    func push(_ release: Timestamp, from folder: String) throws(DeployError) {
        guard var images = try ReleaseImages.read(context.ports.files, in: folder) else { return }
        for (service, image) in images.services.sorted(by: { $0.key < $1.key }) {
            let name = ReleaseImages.name(context.environment, service, release)
            if image.image != name {
                try context.run(
                    CommandRequest(SwarmCommands.tag(image.id, as: name)),
                    because: "Image \(image.image) could not be named for the registry")
            }
            context.note("docker push \(name)")
            try context.run(
                CommandRequest(SwarmCommands.push(name), deadline: .seconds(1800), diesWithParent: true),
                because: "Image \(name) could not be pushed")
            images.services[service] = .init(image: name, id: try digest(of: name))
        }
        try images.write(context.ports.files, to: folder)
    }

    /// As `registry.example/shop-web@sha256:…`.
    private func digest(of name: String) throws(DeployError) -> String {
        let said = try context.run(
            CommandRequest(SwarmCommands.digests(of: name)),
            because: "Image \(name) cannot be asked for its digest")
        let all = try JSON.value(
            [String]?.self, from: Data(said.output.utf8), named: "The engine's answer")
        let place = name.cutLast(at: ":").map { String($0.before) } ?? name
        guard let digest = all?.first(where: { $0.begins(with: "\(place)@sha256:") }) else {
            throw DeployError(
                .stepFailed, what: "The registry's digest of image \(name) is not known",
                why: "it was pushed, and the engine names none for \(place)", next: "deployctl doctor")
        }
        return digest
    }

    /// Has the registry give every image of a release that is to run.
    ///
    /// - Throws: `.gateRefused` when it does not: another image is never run instead.
    func require(_ release: Timestamp) throws(DeployError) {
        let images = try ReleaseImages.read(context.ports.files, in: context.layout.release(release))
        for (service, image) in (images?.services ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard image.id.holds("@sha256:") else {
                throw DeployError(
                    .gateRefused, what: "Release \(release) is in no registry",
                    why: "it was built for one machine: service \(service) has image \(image.id.prefix(19))",
                    next: "git commit --allow-empty, then deployctl staging")
            }
            let result = context.ports.commands.run(
                CommandRequest(
                    ContainerCommands.pull(image.id), deadline: .seconds(1800), diesWithParent: true))
            guard !result.succeeded else { continue }
            try context.checkInterruption()
            throw DeployError(
                .gateRefused, what: "Release \(release) cannot run: the registry does not give its images",
                why: "service \(service) is \(image.id): \(result.explanation)",
                next: "docker pull \(image.id) says more; where it is lost, deploy another release")
        }
    }

    /// What `push` starts.
    static func programsPushing(in layout: Layout) -> [ProgramCall] {
        [SwarmCommands.tag("{image}", as: "{name}")].calls.when("it was not built here")
            + [SwarmCommands.push("{name}"), SwarmCommands.digests(of: "{name}")].calls
    }

    /// What `require` starts.
    static var programsRequiring: [ProgramCall] { [ContainerCommands.pull("{image}")].calls }
}

import FoundationEssentials

/// Builds images, and says whether the engine still has those of a release.
struct ImageStore {
    let context: StepContext

    private var environment: Environment { context.environment }
    private var commands: any CommandRunner { context.ports.commands }

    /// Builds or pulls the image of every app service and job from the release folder being made.
    func build(_ release: Timestamp, in folder: String) throws(DeployError) {
        let project = ComposeProject(context: context)
        let unit = try project.read(
            in: folder, secrets: "\(context.layout.data)/secrets", release: release, database: nil)
        let file = unit.file
        for sentence in project.leftOut(of: folder) { context.note(sentence) }
        for mount in unit.onlyRead { context.note("\(mount), and cannot change it") }
        var built: [String] = []
        var services: [String: JSONTree] = [:]
        for service in environment.appServices + environment.jobs {
            var tree = try file.required(service.name)
            guard var build = tree["build"] else { continue }
            // An argument without a value would be filled from this process.
            build["args"] = build["args"].map { .object($0.members.filter { $0.value != .null }) }
            let name = ReleaseImages.name(environment, service.name, release)
            tree = .object(["build": build, "image": .text(name)])
            services[service.name] = tree
            built.append(service.name)
        }
        if !built.isEmpty {
            try build(
                built,
                .object(["services": .object(services), "secrets": file.tree["secrets"] ?? .object([:])]))
        }
        var images: [String: ReleaseImages.Image] = [:]
        for service in environment.appServices + environment.jobs {
            let name =
                built.contains(service.name)
                ? ReleaseImages.name(environment, service.name, release) : try image(of: service, file)
            images[service.name] = .init(
                image: name, id: try resolve(name, pulling: !built.contains(service.name)))
        }
        let release = ReleaseImages(services: images)
        _ = try exposed(by: release, in: file)
        try release.write(context.ports.files, to: folder)
    }

    /// The port of each service that listens and of which the file names none.
    ///
    /// - Throws: `.invalidDefinition` when the image names none either, or several.
    func exposed(by images: ReleaseImages, in file: ComposeFile) throws(DeployError) -> [String: Int] {
        var ports: [String: Int] = [:]
        for service in environment.appServices
        where service.listen != .none && file.containerPort(of: service.name) == nil {
            guard let image = images.ids[service.name] else { continue }
            guard let port = try configuration(of: image).port else {
                throw file.refusal(
                    "services.\(service.name)",
                    "neither it nor its image names the one port it listens on, and an app service that listens needs one",
                    next: "add \"expose\", or \"listen\": \"none\" to the definition")
            }
            ports[service.name] = port
        }
        return ports
    }

    /// What `exposed` starts.
    static var programsExposing: [ProgramCall] {
        programsConfiguring.when("the Compose file names no port of a service")
    }

    private func build(_ services: [String], _ document: JSONTree) throws(DeployError) {
        let file = Self.file(in: context.layout)
        try context.ports.files.makeFolder(Path.parent(file))
        try context.ports.files.publish(JSON.data(document), to: file)
        context.note("docker compose build \(services.joined(separator: " "))")
        let result = try ComposeTool(commands: commands).run(
            Self.building(services, in: context.layout), deadline: .seconds(1800), diesWithParent: true)
        context.note(outputOf: result)
        guard result.succeeded else {
            try context.checkInterruption()
            throw DeployError(
                .stepFailed, what: "The images could not be built",
                why: ([result.explanation] + Self.failedStep(in: result)).joined(separator: "\n"),
                next: result.engineRemedy)
        }
    }

    /// What the step of the build that failed printed last, as the builder repeats it between two rules.
    private static func failedStep(in result: CommandResult) -> [String] {
        let lines = CommandResult.repeatable(result.output).map(String.init)
        guard let begin = lines.lastIndex(where: { $0.begins(with: " > [") }) else { return [] }
        return lines[begin...].prefix { !$0.begins(with: "------") }.suffix(8).map { String($0.trimmed) }
    }

    private func image(of service: Service, _ file: ComposeFile) throws(DeployError) -> String {
        guard let image = file.service(service.name)?["image"]?.text else {
            throw file.refusal(
                "services.\(service.name)", "it has neither \"build\" nor \"image\"",
                next: "add one of the two")
        }
        return image
    }

    /// A name is resolved once; from then on only the id counts.
    private func resolve(_ image: String, pulling: Bool) throws(DeployError) -> String {
        if let id = id(of: image) { return id }
        if pulling {
            context.note("docker pull \(image)")
            try context.run(
                CommandRequest(
                    ContainerCommands.pull(image), deadline: .seconds(1800), diesWithParent: true),
                because: "Image \(image) could not be pulled")
        }
        guard let id = id(of: image) else {
            throw DeployError(
                .stepFailed, what: "The engine has no image \(image)", why: "it was just made",
                next: "deployctl doctor")
        }
        return id
    }

    /// Pulls an image that the engine does not have.
    func fetch(_ image: String) throws(DeployError) { _ = try resolve(image, pulling: true) }

    /// What an image of the engine says about itself.
    func configuration(of image: String) throws(DeployError) -> ImageConfiguration {
        let said = try context.run(
            CommandRequest(ContainerCommands.inspect(image: image, format: ImageConfiguration.format)),
            because: "Image \(image) cannot be asked what it needs")
        return try JSON.value(
            ImageConfiguration.self, from: Data(said.output.utf8), named: "The engine's answer")
    }

    /// What `configuration` starts.
    static var programsConfiguring: [ProgramCall] {
        [ContainerCommands.inspect(image: "{image}", format: ImageConfiguration.format)].calls
    }

    /// What `fetch` starts.
    static var programsFetching: [ProgramCall] {
        [ContainerCommands.imageID("{image}")].calls
            + [ContainerCommands.pull("{image}")].calls.when("the engine does not have it")
    }

    private func id(of image: String) -> String? {
        let result = commands.run(CommandRequest(ContainerCommands.imageID(image)))
        let id = String(result.output.trimmed)
        return result.succeeded && id.begins(with: "sha256:") ? id : nil
    }

    /// The images of a release that is to run.
    ///
    /// - Throws: `.gateRefused` when the engine has lost one: another one under the same name is never run instead.
    @discardableResult
    func require(_ release: Timestamp, in folder: String) throws(DeployError) -> ReleaseImages {
        guard let images = try ReleaseImages.read(context.ports.files, in: folder) else {
            throw DeployError(
                .gateRefused, what: "Release \(release) has no images",
                why: "it was built for another runtime: there is no \(folder)/\(ReleaseImages.fileName)",
                next: "deployctl staging")
        }
        for (service, image) in images.services.sorted(by: { $0.key < $1.key }) where id(of: image.id) == nil
        {
            throw DeployError(
                .gateRefused, what: "Release \(release) cannot run: image \(image.id.prefix(19)) is gone",
                why:
                    "service \(service) was built as \(image.image), and the engine has no image \(image.id);"
                    + " what the name means now was not tested",
                next: context.plan.kind == .rollback
                    ? context.wayOutOfSickness : "git commit --allow-empty, then deployctl staging")
        }
        return images
    }
}

extension ImageStore {
    /// What `build` starts.
    static func programs(building folder: String, in layout: Layout) -> [ProgramCall] {
        guard !(layout.environment.appServices + layout.environment.jobs).isEmpty else {
            return ComposeProject.programs(folder, in: layout)
        }
        return ComposeProject.programs(folder, in: layout)
            + ComposeTool.programs(building(["{services…}"], in: layout))
            .when("the Compose file builds images")
            + programsFetching + programsExposing
    }

    /// What `require` starts.
    static var programsRequiring: [ProgramCall] { [ContainerCommands.imageID("{image}")].calls }

    private static func building(_ services: [String], in layout: Layout) -> [String] {
        ["--progress", "plain"]
            + ComposeCommands.project(layout.environment.composeProject, file: file(in: layout)) + ["build"]
            + services
    }

    private static func file(in layout: Layout) -> String { "\(layout.root)/build/compose.json" }
}

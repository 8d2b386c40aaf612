/// The volumes that data services keep their data in: made once, never made anew in the place of one that held something.
struct DataVolumes {
    let context: StepContext
    /// The services as they were described last; nil when they never were.
    let written: JSONTree?

    private var environment: Environment { context.environment }
    private var files: any FileStore { context.ports.files }
    private var store: ContainerResources { ContainerResources(context: context) }
    private var kept: KeptVolumes { KeptVolumes(before: written) }
    /// The volumes this run has made in the place of those that were gone.
    private var refilled: String { "\(context.layout.data)/before-\(context.plan.timestamp)-volumes.json" }

    /// Makes what is new; what held something is never made anew.
    func make(for document: JSONTree) throws(DeployError) {
        let wanted = KeptVolumes.names(in: document)
        let missing = try store.missing(wanted)
        if written == nil, isFirst { warn(of: wanted.subtracting(missing)) }
        try store.makeVolumes(kept.mayBeMade(for: document, missing: missing, in: environment))
    }

    /// Whether no run before this one can have made any.
    private var isFirst: Bool {
        let runs = try? context.ports.state.deployments(of: environment.name, limit: 2)
        return runs?.allSatisfy { $0.timestamp == context.plan.timestamp } ?? true
    }

    /// What another copy of the project left on the engine is nobody's first deployment.
    private func warn(of found: Set<String>) {
        for name in found.sorted() where !environment.volumes.contains(where: { $0 == name }) {
            context.findings.warn(
                "volume \(name) was on the engine before the first deployment: it is used with what it holds; to begin on an empty one, deployctl stop \(environment.name) and docker volume rm \(name)"
            )
        }
    }

    /// Makes those of the database that are gone anew where data is about to be put there.
    ///
    /// - Throws: `.gateRefused` for any other that is gone, with a backup to put in its place.
    func makeUp(for filling: Bool) throws(DeployError) {
        let missing = try store.missing(KeptVolumes.names(in: written))
        let ofDatabase = missing.intersection(kept.names(of: environment.database?.service))
        try kept.require(
            missing: filling ? missing.subtracting(ofDatabase) : missing, of: environment.database?.service,
            filledBy: filling ? nil : context.site.wayToFill)
        guard filling, !ofDatabase.isEmpty else { return }
        try files.publish(JSON.data(ofDatabase.sorted()), to: refilled)
        try store.makeVolumes(ofDatabase)
        context.note("made \(ofDatabase.sorted().joined(separator: ", ")) anew")
    }

    var hasRefilled: Bool { files.kind(of: refilled) != nil }

    func removeRefilled() throws(DeployError) {
        guard let data = try files.read(refilled) else { return }
        try store.removeVolumes(JSON.value([String].self, from: data, named: refilled))
        try files.remove(refilled)
    }

    /// A volume that is mounted without a name stays what it is.
    func nameless(_ unit: ComposeUnit) throws(DeployError) -> NamelessVolumes {
        var volumes = NamelessVolumes(environment: environment)
        let images = ImageStore(context: context)
        for service in environment.dataServices.map(\.name) {
            guard let image = unit.file.service(service)?["image"]?.text else { continue }
            try images.fetch(image)
            volumes.declared[service] = try images.configuration(of: image).volumePaths
        }
        volumes.known = KeptVolumes.mounts(of: written)
        let places = environment.dataServices.flatMap { service in
            unit.file.service(service.name).map { volumes.places($0, of: service.name) } ?? []
        }
        guard places.contains(where: { volumes.known[$0] == nil }) else { return volumes }
        let engine = context.ports.engine
        let mounts: [ContainerMounts] = try engine.inspect(
            engine.ids(DataServices.labels(in: environment)), format: ContainerMounts.format)
        for container in mounts { volumes.known.merge(container.volumes) { known, _ in known } }
        return volumes
    }
}

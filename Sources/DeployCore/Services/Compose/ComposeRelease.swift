/// A release's app services with everything but the ports they get.
struct ComposeRelease {
    let context: StepContext
    let release: Timestamp
    let database: DatabaseLocation?

    private var layout: Layout { context.layout }

    /// What `appDocument` starts.
    static func programs(_ release: Timestamp, in layout: Layout) -> [ProgramCall] {
        ImageStore.programsRequiring + ComposeProject.programs(layout.release(release), in: layout)
            + ImageStore.programsExposing + ComposeSecrets.programs
    }

    /// Reads the release's Compose file and writes the secrets it mounts.
    func appDocument(instance: String, secrets folder: String) throws(DeployError) -> AppDocument {
        let images = try ImageStore(context: context).require(release, in: layout.release(release))
        let project = ComposeProject(context: context)
        var unit = try project.read(
            in: layout.release(release), secrets: folder, release: release, database: database)
        unit.file.exposed = try ImageStore(context: context).exposed(by: images, in: unit.file)
        let values = project.applicationSecrets(unit.file, database: database)
        let secrets = try ComposeSecrets(context: context, folder: folder).write(values)
        return AppDocument(
            unit: unit, instance: instance, release: release, images: images.ids, ports: [:],
            host: context.takesPublicPorts ? "0.0.0.0" : "127.0.0.1",
            variables: try project.containerVariables(unit.file, release: release, database: database),
            secrets: secrets)
    }
}

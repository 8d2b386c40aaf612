/// The services that outlive releases as a complete Compose file; pure.
struct DataDocument {
    let unit: ComposeUnit
    /// Releases lie below this folder and go away; nothing that outlives them may lie there.
    let releases: String
    /// Absolute path of the folder with the secrets of data services.
    let secrets: String
    /// Mounted for the database's own programs, from a path on this machine to one in its container; nil where they
    /// need none.
    var clientFile: (source: String, target: String)?
    /// What gives volumes without a name one.
    let nameless: NamelessVolumes

    private var environment: Environment { unit.environment }
    private var names: [String] { environment.dataServices.map(\.name) }

    /// With the volumes of all services, so that it says later what there was.
    func document() throws(DeployError) -> JSONTree {
        var services: [String: JSONTree] = [:]
        var volumes = try unit.volumes(of: environment.composeServices)
        for service in names {
            let (tree, names) = try tree(of: service)
            services[service] = tree
            for (key, name) in names { volumes[key] = ComposeUnit.volume(name) }
        }
        return try unit.document(services, volumes: volumes)
    }

    private func tree(of service: String) throws(DeployError) -> (JSONTree, volumes: [String: String]) {
        var tree = try unit.stripped(service)
        guard tree["build"] == nil else {
            throw unit.file.refusal(
                "services.\(service).build", "a service that outlives releases is not built with them",
                next: "name an \"image\"")
        }
        let (mounts, names) = nameless.named(tree, of: service)
        tree["volumes"] = mounts.isEmpty ? nil : .list(mounts)
        try refuseLoss(mounts, tree, of: service)
        try AdministratorsPassword(
            file: unit.file, folder: secrets, database: environment.database?.service
        ).refuse(tree, mounting: mounts, of: service)
        for mount in mounts where mount["type"]?.text == "bind" {
            guard let source = mount["source"]?.text, source.begins(with: "\(releases)/") else { continue }
            throw unit.file.refusal(
                "services.\(service).volumes",
                "\(source) goes away with its release, and the service outlives it",
                next: "use a folder below ${DEPLOYCTL_SHARED}, or an image that has the files")
        }
        if let clientFile, service == environment.database?.service {
            let mount: JSONTree = .object([
                "type": .text("bind"), "source": .text(ComposeText.escaped(clientFile.source)),
                "target": .text(clientFile.target), "read_only": .bool(true),
            ])
            tree["volumes"] = .list(mounts + [mount])
        }
        tree["depends_on"] = dependencies(of: service)
        tree["ports"] = published(service)
        tree["networks"] = .object([ComposeUnit.networkKey: .null])
        let labelled = unit.labelled(
            tree,
            [ContainerLabels.service: service, ContainerLabels.role: Service.Role.data.rawValue])
        return (labelled, names)
    }

    /// The database is not kept in the container itself, which goes when it stops.
    private func refuseLoss(_ mounts: [JSONTree], _ tree: JSONTree, of service: String) throws(DeployError) {
        guard service == environment.database?.service, mounts.isEmpty, tree["tmpfs"] == nil else { return }
        throw unit.file.refusal(
            "services.\(service)", "it mounts nothing, so the database would go with its container",
            next: "mount a volume where the server keeps its data, or a tmpfs where nothing is to stay")
    }

    private func dependencies(of service: String) -> JSONTree? {
        let all = unit.file.service(service)?["depends_on"]?.members ?? [:]
        let mine = all.filter { names.contains($0.key) }
        return mine.isEmpty ? nil : .object(mine)
    }

    /// One port, on this machine only, at the definition's: a port that a commit chooses may be another environment's.
    private func published(_ service: String) -> JSONTree? {
        let first = unit.file.service(service)?["ports"]?.items.first
        let isReached = first != nil && service == environment.database?.service
        guard let given = environment.ports[service] ?? (isReached ? environment.databasePort : nil),
            let target = first?["target"]?.integer ?? unit.file.containerPort(of: service)
                ?? serverPort(service)
        else { return nil }
        let way = first?["protocol"]?.text == "udp" ? "udp" : "tcp"
        return .list([
            .object([
                "mode": .text("ingress"), "host_ip": .text("127.0.0.1"), "target": .integer(Int64(target)),
                "published": .text("\(given)"), "protocol": .text(way),
            ])
        ])
    }

    private func serverPort(_ service: String) -> Int? {
        service == environment.database?.service ? environment.database?.engine.defaultPort : nil
    }
}

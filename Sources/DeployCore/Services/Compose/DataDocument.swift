/// The services that outlive releases as a complete Compose file; pure.
struct DataDocument {
    let unit: ComposeUnit
    /// Releases lie below this folder and go away; nothing that outlives them may lie there.
    let releases: String
    /// Mounted for the database's own programs, from a path on this machine to one in its container; nil where they
    /// need none.
    var clientFile: (source: String, target: String)?

    private var environment: Environment { unit.environment }
    private var names: [String] { environment.dataServices.map(\.name) }

    func document() throws(DeployError) -> JSONTree {
        var services: [String: JSONTree] = [:]
        for service in names { services[service] = try tree(of: service) }
        return try unit.document(services)
    }

    private func tree(of service: String) throws(DeployError) -> JSONTree {
        var tree = try unit.stripped(service)
        guard tree["build"] == nil else {
            throw unit.file.refusal(
                "services.\(service).build", "a service that outlives releases is not built with them",
                next: "name an \"image\"")
        }
        let mounts = tree["volumes"]?.items ?? []
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
        return unit.labelled(
            tree,
            [ContainerLabels.service: service, ContainerLabels.role: Service.Role.data.rawValue])
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

/// What every complete Compose file deployctl writes has in common; pure.
struct ComposeUnit {
    var file: ComposeFile
    let environment: Environment

    /// The key under which the environment's network stands in a written file.
    static let networkKey = "environment"

    /// - Throws: `.invalidDefinition` naming what a service asks for and may not have.
    func check() throws(DeployError) {
        let services = environment.composeServices
        for service in services.map(\.name) {
            try ComposeRules(
                file: file, environment: environment, service: service, tree: file.required(service)
            ).check()
        }
        try ComposeLasting(unit: self).check()
        try ComposeOrder(unit: self).check()
        _ = try volumes(of: services)
        try checkNesting(services.map(\.name))
    }

    /// Who may write a folder could put a link where another mount begins in it, and the engine would follow it.
    private func checkNesting(_ services: [String]) throws(DeployError) {
        var document = file.tree
        document["services"] = .object(
            Dictionary(
                uniqueKeysWithValues: try services.map { name throws(DeployError) in
                    (name, try resolved(file.required(name)))
                }))
        for kind in Self.fileKinds { document[kind] = resolved(document[kind]?.members ?? [:]) }
        let all = ComposeMount.all(of: document)
        for (service, outer) in all {
            guard let inner = all.first(where: { outer.leads(to: $0.mount) }) else { continue }
            throw file.refusal(
                "services.\(service).volumes",
                "\(Shown.text(inner.mount.path, limit: 200)) is mounted too, and lies in \(Shown.text(outer.path, limit: 200)), which the service may write",
                next: "mount the outer one read-only, or folders beside each other")
        }
    }

    private static let fileKinds = ["secrets", "configs"]

    /// With the places to which links of the commit lead, which is where the engine then looks.
    private func resolved(_ service: JSONTree) -> JSONTree {
        var service = service
        service["volumes"] = service["volumes"].map { mounts in
            .list(mounts.items.map(settled))
        }
        return service
    }

    private func resolved(_ files: [String: JSONTree]) -> JSONTree {
        .object(
            files.mapValues { definition in
                guard let path = definition["file"]?.text else { return definition }
                var definition = definition
                definition["file"] = .text(resolved(path))
                return definition
            })
    }

    /// Where a path of the file leads, as it is written in one.
    func resolved(_ path: String) -> String {
        ComposeText.escaped(file.ground.resolved(ComposeText.plain(path)))
    }

    /// Without what has a meaning only where the project's own file is used.
    func stripped(_ service: String) throws(DeployError) -> JSONTree {
        var tree = try resolved(file.required(service))
        for key in [
            "container_name", "profiles", "develop", "network_mode", "networks", "depends_on", "scale",
            "env_file",
            "label_file", "extends",
        ] {
            tree[key] = nil
        }
        // A variable without a value would be filled from this process.
        tree["environment"] = tree["environment"].map { .object($0.members.filter { $0.value != .null }) }
        let options = tree["security_opt"]?.items ?? []
        if environment.service(service)?.grants?.newPrivileges != true,
            !options.contains(where: { $0.text?.begins(with: "no-new-privileges") == true })
        {
            tree["security_opt"] = .list(options + [.text("no-new-privileges:true")])
        }
        // An engine that was killed stops, when it comes back, what outlived it, and then takes it for stopped by
        // somebody. What deployctl stops it removes, so nothing comes back that should not.
        if [nil, "unless-stopped"].contains(tree["restart"]?.text) { tree["restart"] = .text("always") }
        if let limits = environment.service(service)?.limits { ComposeLimits.set(limits, in: &tree) }
        if environment.yields { ComposeLimits.letYield(&tree) }
        return tree
    }

    func labelled(_ tree: JSONTree, _ labels: [String: String]) -> JSONTree {
        var all = tree["labels"]?.members ?? [:]
        for (key, value) in ContainerLabels.of(environment).merging(labels, uniquingKeysWith: { $1 }) {
            all[key] = .text(ComposeText.escaped(value))
        }
        var tree = tree
        tree["labels"] = .object(all)
        return tree
    }

    /// The file with these services and what they use of the top level.
    ///
    /// `volumes`: those that are to stand in it whether a service mounts them or not.
    func document(
        _ services: [String: JSONTree], networks: [String: JSONTree] = [:],
        volumes known: [String: JSONTree] = [:]
    ) throws(DeployError) -> JSONTree {
        var all = networks
        all[Self.networkKey] = .object([
            "external": .bool(true), "name": .text(environment.networkName),
        ])
        var tree: JSONTree = .object(["services": .object(services), "networks": .object(all)])
        let used = used(in: services, "volumes", type: "volume").subtracting(known.keys)
        let volumes = try volumes(used).merging(known) { $1 }
        if !volumes.isEmpty { tree["volumes"] = .object(volumes) }
        for kind in Self.fileKinds {
            let names = self.used(in: services, kind)
            let definitions = file.tree[kind]?.members.filter { names.contains($0.key) } ?? [:]
            if !definitions.isEmpty { tree[kind] = resolved(definitions) }
        }
        return tree
    }

    /// The volumes these services mount, as a document declares them.
    func volumes(of services: [Service]) throws(DeployError) -> [String: JSONTree] {
        try volumes(mounted(by: services))
    }

    /// The Compose file's own names of the volumes these services mount.
    func mounted(by services: [Service]) -> Set<String> {
        var trees: [String: JSONTree] = [:]
        for service in services.map(\.name) { trees[service] = file.service(service) }
        return used(in: trees, "volumes", type: "volume")
    }

    /// A volume that deployctl made beforehand.
    static func volume(_ name: String) -> JSONTree {
        .object(["external": .bool(true), "name": .text(name)])
    }

    private func used(in services: [String: JSONTree], _ kind: String, type: String? = nil) -> Set<String> {
        Set(
            services.values.flatMap { $0[kind]?.items ?? [] }
                .filter { type == nil || $0["type"]?.text == type }.compactMap { $0["source"]?.text })
    }

    /// Each under the name the definition gives it, made by deployctl beforehand.
    private func volumes(_ names: Set<String>) throws(DeployError) -> [String: JSONTree] {
        var volumes: [String: JSONTree] = [:]
        for name in names.sorted() {
            volumes[name] = Self.volume(try VolumeNames(unit: self).name(of: name))
        }
        return volumes
    }

}

extension Environment {
    /// The engine's network of this environment.
    var networkName: String { network ?? "\(project)-\(name)" }
    /// The engine's name for everything that outlives releases.
    var composeProject: String { "\(project)-\(name)" }
}

/// One release's app services as a complete Compose file; pure.
struct AppDocument {
    let unit: ComposeUnit
    /// The deployment that starts them.
    let instance: String
    let release: Timestamp
    /// By service, as `sha256:…`.
    var images: [String: String]
    /// Free ports of this machine by service.
    var ports: [String: Int]
    /// Where the machine reaches them.
    var host = "127.0.0.1"
    /// Environment variables every container gets; no secrets.
    var variables: [String: String]
    /// Files with secrets, by name.
    var secrets: [String: String]

    private var environment: Environment { unit.environment }
    private var apps: [String] { environment.appServices.map(\.name) }

    /// The name of a service in the written file: two sets on one network must not answer to one name.
    func key(_ service: String) -> String { "\(service)-\(instance)" }

    /// The complete file.
    func document() throws(DeployError) -> JSONTree {
        var services: [String: JSONTree] = [:]
        for service in environment.appServices { services[key(service.name)] = try tree(of: service) }
        return try finished(services, networks: hasOwnNetwork ? [networkKey: instanceNetwork] : [:])
    }

    /// The file of one container that runs a command and ends.
    func job(_ service: Service) throws(DeployError) -> JSONTree {
        var tree = try tree(of: service)
        for key in ["ports", "container_name", "restart", "healthcheck", "depends_on"] { tree[key] = nil }
        for key in ["pid", "ipc"] where tree[key]?.text?.begins(with: "service:") == true { tree[key] = nil }
        tree["networks"] = .object([ComposeUnit.networkKey: .null])
        tree["labels"]?[ContainerLabels.role] = .text(ContainerLabels.job)
        return try finished([service.name: tree], networks: [:])
    }

    private func finished(_ services: [String: JSONTree], networks: [String: JSONTree]) throws(DeployError)
        -> JSONTree
    {
        var document = try unit.document(services, networks: networks)
        guard !secrets.isEmpty else { return document }
        var files = document["secrets"]?.members ?? [:]
        for name in injectedSecrets {
            files[name] = .object(["file": .text(ComposeText.escaped(secrets[name] ?? ""))])
        }
        if !files.isEmpty { document["secrets"] = .object(files) }
        return document
    }

    private func tree(of service: Service) throws(DeployError) -> JSONTree {
        var tree = try unit.stripped(service.name)
        tree["depends_on"] = dependencies(of: service.name)
        tree["build"] = nil
        for key in ["pid", "ipc"] {
            guard let other = tree[key]?.text?.after("service:") else { continue }
            tree[key] = .text("service:\(self.key(String(other)))")
        }
        guard let image = images[service.name] else {
            throw DeployError(
                .gateRefused, what: "Release \(release) has no image of service \(service.name)",
                why: "it was built before the service was defined", next: "deployctl staging")
        }
        tree["image"] = .text(image)
        tree["pull_policy"] = .text("never")
        tree["container_name"] = .text("\(environment.composeProject)-\(instance)-\(service.name)")
        try publish(service, &tree)
        try mountSecrets(service.name, &tree)
        setVariables(service, &tree)
        tree["networks"] = networks(of: service.name)
        return unit.labelled(
            tree,
            [
                ContainerLabels.release: release.description, ContainerLabels.instance: instance,
                ContainerLabels.service: service.name, ContainerLabels.role: Service.Role.app.rawValue,
            ])
    }

    private func publish(_ service: Service, _ tree: inout JSONTree) throws(DeployError) {
        guard service.listen != .none else { return tree["ports"] = nil }
        guard let target = unit.file.containerPort(of: service.name) else {
            throw unit.file.refusal(
                "services.\(service.name)", "it names no port, and an app service that listens needs one",
                next: "add \"expose\", or \"listen\": \"none\" to the definition")
        }
        tree["ports"] = ports[service.name].map {
            .list([
                .object([
                    "mode": .text("ingress"), "host_ip": .text(host), "target": .integer(Int64(target)),
                    "published": .text("\($0)"), "protocol": .text("tcp"),
                ])
            ])
        }
    }

    /// Only inside the set; services that outlive it run already.
    private func dependencies(of service: String) -> JSONTree? {
        let all = unit.file.service(service)?["depends_on"]?.members ?? [:]
        let mine = all.filter { apps.contains($0.key) }
        return mine.isEmpty
            ? nil : .object(Dictionary(uniqueKeysWithValues: mine.map { (key($0.key), $0.value) }))
    }
}

extension AppDocument {
    private var hasOwnNetwork: Bool { apps.count > 1 }
    private var networkKey: String { "colour" }

    private var instanceNetwork: JSONTree {
        let labels = ContainerLabels.of(environment).merging([ContainerLabels.instance: instance]) { $1 }
        return .object([
            "name": .text("\(environment.composeProject)-\(instance)"), "labels": .texts(labels),
        ])
    }

    private func networks(of service: String) -> JSONTree {
        var networks: [String: JSONTree] = [ComposeUnit.networkKey: .null]
        if hasOwnNetwork { networks[networkKey] = .object(["aliases": .list([.text(service)])]) }
        return .object(networks)
    }

    /// What every app service gets without asking.
    private var injectedSecrets: [String] {
        [Environment.DatabaseSecret.password, Environment.DatabaseSecret.url].filter { secrets[$0] != nil }
    }

    private func mountSecrets(_ service: String, _ tree: inout JSONTree) throws(DeployError) {
        var mounted = tree["secrets"]?.items ?? []
        for secret in mounted { try check(secret["source"]?.text ?? "", of: service) }
        for name in injectedSecrets where !mounted.contains(where: { $0["source"]?.text == name }) {
            mounted.append(.object(["source": .text(name), "target": .text("/run/secrets/\(name)")]))
        }
        tree["secrets"] = mounted.isEmpty ? nil : .list(mounted)
    }

    private func check(_ name: String, of service: String) throws(DeployError) {
        let path = "services.\(service).secrets"
        if name == Environment.DatabaseSecret.admin {
            throw unit.file.refusal(
                path, "the administrator's password is for data services only", next: "remove \(name) there")
        }
        let file = unit.file.tree["secrets"]?[name]?["file"]?.text ?? ""
        let folder = secrets.values.first.map(Path.parent)
        let isOurs = folder.map { file.begins(with: "\($0)/") } ?? false
        guard !isOurs || secrets[Path.name(file)] != nil else {
            throw unit.file.refusal(
                path, "the definition does not say where \(name) comes from",
                next: "add \(name) to \"secrets\" of environments/\(environment.name).json")
        }
    }

    /// A service's own PORT, HOST and NAME_FILE stay; everything else deployctl knows better.
    private func setVariables(_ service: Service, _ tree: inout JSONTree) {
        let own = tree["environment"]?.members ?? [:]
        var all: [String: JSONTree] = [:]
        for secret in tree["secrets"]?.items ?? [] {
            guard let source = secret["source"]?.text else { continue }
            let target = secret["target"]?.text ?? source
            all["\(source)_FILE"] = .text(target.begins(with: "/") ? target : "/run/secrets/\(target)")
        }
        if service.listen != .none, let port = unit.file.containerPort(of: service.name) {
            all["HOST"] = .text("0.0.0.0")
            all["PORT"] = .text("\(port)")
        }
        all.merge(own) { $1 }
        all.merge(variables.mapValues { .text(ComposeText.escaped($0)) }) { $1 }
        tree["environment"] = .object(all)
    }
}

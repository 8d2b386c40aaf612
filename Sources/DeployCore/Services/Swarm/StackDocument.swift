/// One release's app services as the file of a stack; pure.
///
/// A stack knows less than a Compose file: each key of a service is taken over, or means nothing there, or is refused.
struct StackDocument {
    let apps: AppDocument

    private var file: ComposeFile { apps.unit.file }
    private var environment: Environment { apps.unit.environment }

    /// The name of a release's stack.
    static func name(of instance: String, in environment: Environment) -> String {
        "\(environment.composeProject)-\(instance)"
    }

    /// What every service and network of an instance carries.
    static func labels(of instance: String, in environment: Environment) -> [String: String] {
        ContainerLabels.of(environment).merging([ContainerLabels.instance: instance]) { $1 }
    }

    /// Whether the release reaches services that outlive it, on the network of the environment.
    private var joins: Bool { !environment.dataServices.isEmpty }

    /// The name of a service in the file: on one network, two releases must not answer to one name.
    static func key(_ service: String, of instance: String, in environment: Environment) -> String {
        guard !environment.dataServices.isEmpty else { return service }
        return "\(service)-\(SHA256.hexadecimal(of: instance).prefix(6))"
    }

    /// The complete file; `site`: the folder of the project.
    func document(site: String) throws(DeployError) -> JSONTree {
        let whole = try apps.document()
        var services: [String: JSONTree] = [:]
        for name in environment.appServices.map(\.name) {
            services[Self.key(name, of: apps.instance, in: environment)] = try service(
                name, whole["services"]?[apps.key(name)] ?? .null, site)
        }
        var tree: JSONTree = .object(["version": .text("3.8"), "services": .object(services)])
        for kind in ["secrets", "configs"] {
            let files = try files(kind, whole[kind]?.members ?? [:])
            if !files.isEmpty { tree[kind] = .object(files) }
        }
        var networks: JSONTree = .object([
            "default": .object(["driver": .text("overlay"), "labels": .texts(labels(site))])
        ])
        if joins { networks[ComposeUnit.networkKey] = whole["networks"]?[ComposeUnit.networkKey] }
        tree["networks"] = networks
        return tree
    }

    /// A document of some of a whole one's services; those it does not name stay as they are.
    static func part(_ document: JSONTree, of services: [String]) -> JSONTree {
        var part = document
        part["services"] = .object(document["services"]?.members.filter { services.contains($0.key) } ?? [:])
        return part
    }

    private func labels(_ site: String) -> [String: String] {
        Self.labels(of: apps.instance, in: environment).merging([ContainerLabels.site: site]) { $1 }
    }

    private static let kept: Set<String> = [
        "cap_add", "cap_drop", "command", "configs", "dns", "dns_search", "entrypoint", "environment",
        "healthcheck", "hostname", "image", "init", "labels", "logging", "read_only", "secrets", "stdin_open",
        "stop_grace_period", "stop_signal", "sysctls", "tmpfs", "tty", "ulimits", "user", "working_dir",
    ]
    /// What deployctl says itself, what is said otherwise below, and an order that a swarm does not know.
    private static let meaningless: Set<String> = [
        "attach", "container_name", "cpu_shares", "cpus", "depends_on", "deploy", "expose", "mem_limit",
        "memswap_limit", "networks", "pids_limit", "ports", "pull_policy", "restart", "security_opt",
        "volumes",
    ]

    private func service(_ name: String, _ tree: JSONTree, _ site: String) throws(DeployError) -> JSONTree {
        var service: [String: JSONTree] = [:]
        for (key, value) in tree.members.sorted(by: { $0.key < $1.key }) where value.saysSomething {
            if Self.kept.contains(key) {
                service[key] = value
            } else if !Self.meaningless.contains(key), !key.begins(with: "x-") {
                throw refusal(name, key, "a swarm does not know it")
            }
        }
        try refuseLoosened(name, tree)
        service["volumes"] = try mounts(name, tree)
        for kind in ["secrets", "configs"] { service[kind] = service[kind].map(uses) }
        service["ports"] = tree["ports"].map { .list($0.items.map(port)) }
        service["deploy"] = try deploy(name, tree, site)
        if joins {
            service["networks"] = .object([
                "default": .object(["aliases": .list([.text(name)])]), ComposeUnit.networkKey: .null,
            ])
        }
        return .object(service)
    }

    /// The engine of a swarm takes no such options; the one that deployctl adds is missed, which the guide says.
    private func refuseLoosened(_ name: String, _ tree: JSONTree) throws(DeployError) {
        let options = tree["security_opt"]?.items.compactMap(\.text) ?? []
        guard options.contains(where: { !$0.begins(with: "no-new-privileges") }) else { return }
        throw refusal(name, "security_opt", "a swarm does not know it")
    }

    private func mounts(_ name: String, _ tree: JSONTree) throws(DeployError) -> JSONTree? {
        guard let mounts = tree["volumes"]?.items, !mounts.isEmpty else { return nil }
        guard mounts.allSatisfy({ $0["type"]?.text == "tmpfs" }) else {
            throw refusal(
                name, "volumes",
                "it would be another one on each machine, and begin empty where its machine is lost",
                next: "keep data in a database or an object store; a tmpfs is taken")
        }
        return .list(mounts)
    }

    /// Rights as a number; Compose prints them as text.
    private func uses(_ uses: JSONTree) -> JSONTree {
        .list(
            uses.items.map { use in
                guard let mode = use["mode"]?.text.flatMap({ Int64($0, radix: 8) }) else { return use }
                var use = use
                use["mode"] = .integer(mode)
                return use
            })
    }

    /// At every machine of the swarm: a stack knows no address of one.
    private func port(_ port: JSONTree) -> JSONTree {
        .object([
            "mode": .text("ingress"), "protocol": .text("tcp"),
            "target": .integer(Int64(port["target"]?.integer ?? 0)),
            "published": .integer(Int64(port["published"]?.integer ?? 0)),
        ])
    }

    private func deploy(_ name: String, _ tree: JSONTree, _ site: String) throws(DeployError) -> JSONTree {
        let own = tree["deploy"] ?? .object([:])
        var deploy: [String: JSONTree] = [:]
        for key in ["endpoint_mode", "placement", "restart_policy"] {
            if let value = own[key], value.saysSomething { deploy[key] = value }
        }
        if let mode = own["mode"]?.text, mode != "replicated" {
            throw refusal(
                name, "deploy.mode", "\(Shown.text(mode)) says no number of copies that could be counted",
                next: "write \"replicas\" instead")
        }
        let copies = own["replicas"]?.integer ?? 1
        guard copies > 0 else { throw refusal(name, "deploy.replicas", "nothing of it would run") }
        deploy["replicas"] = .integer(Int64(copies))
        deploy["resources"] = try resources(name, tree, own["resources"] ?? .object([:]))
        if deploy["restart_policy"] == nil { deploy["restart_policy"] = policy(tree["restart"]?.text) }
        deploy["labels"] = try serviceLabels(name, own["labels"], site)
        return .object(deploy)
    }

    private func policy(_ restart: String?) -> JSONTree {
        let conditions = ["no": "none", "on-failure": "on-failure"]
        return .object(["condition": .text(restart.flatMap { conditions[$0] } ?? "any")])
    }

    private func serviceLabels(_ name: String, _ own: JSONTree?, _ site: String) throws(DeployError)
        -> JSONTree
    {
        let forged = ["deployctl.", "com.docker."]
        var all = own?.members ?? [:]
        if let label = all.keys.sorted().first(where: { key in forged.contains { key.begins(with: $0) } }) {
            throw refusal(name, "deploy.labels", "\(Shown.text(label)) is how services are told apart")
        }
        let more = [
            ContainerLabels.release: apps.release.description, ContainerLabels.service: name,
            ContainerLabels.role: Service.Role.app.rawValue,
        ]
        for (key, value) in labels(site).merging(more, uniquingKeysWith: { $1 }) {
            all[key] = .text(ComposeText.escaped(value))
        }
        return .object(all)
    }

    /// Limits stand in one of two places of a Compose file, and in one of a stack.
    private func resources(_ name: String, _ tree: JSONTree, _ own: JSONTree) throws(DeployError)
        -> JSONTree?
    {
        var resources: [String: JSONTree] = [:]
        for kind in ["limits", "reservations"] {
            var amounts = own[kind]?.members.filter { $0.value.saysSomething } ?? [:]
            if kind == "limits" {
                for (key, place) in [("memory", "mem_limit"), ("cpus", "cpus"), ("pids", "pids_limit")] {
                    if let value = tree[place], value.saysSomething { amounts[key] = value }
                }
            }
            guard amounts["devices"] == nil else {
                throw refusal(name, "deploy.resources.\(kind).devices", "a swarm does not know it")
            }
            for key in ["memory", "cpus"] { amounts[key] = amounts[key].map(text) }
            if !amounts.isEmpty { resources[kind] = .object(amounts) }
        }
        return resources.isEmpty ? nil : .object(resources)
    }

    private func text(_ amount: JSONTree) -> JSONTree {
        switch amount {
        case .integer(let number): .text("\(number)")
        case .number(let number): .text("\(number)")
        default: amount
        }
    }

    /// Files of secrets and configurations, under names that no other release has: what one has cannot be changed.
    private func files(_ kind: String, _ all: [String: JSONTree]) throws(DeployError) -> [String: JSONTree] {
        let stack = Self.name(of: apps.instance, in: environment)
        var files: [String: JSONTree] = [:]
        for (name, definition) in all.sorted(by: { $0.key < $1.key }) {
            guard let path = definition["file"] else {
                throw file.refusal(
                    "\(kind).\(name)", "a swarm gets the text of files only", next: "name a file")
            }
            guard name.utf8.count <= 50 else {
                throw file.refusal(
                    "\(kind).\(name)", "a swarm knows names up to 50 bytes", next: "shorten it")
            }
            let mark = SHA256.hexadecimal(of: "\(stack) \(name)").prefix(12)
            files[name] = .object([
                "name": .text("\(mark)-\(name)"), "file": path,
                "labels": .texts(Self.labels(of: apps.instance, in: environment)),
            ])
        }
        return files
    }

    private func refusal(_ service: String, _ key: String, _ why: String, next: String = "remove it")
        -> DeployError
    {
        file.refusal("services.\(service).\(key)", why, next: next)
    }
}

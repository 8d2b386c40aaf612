/// What no service of a Compose file may ask for.
struct ComposeRules {
    let file: ComposeFile
    let service: String
    let tree: JSONTree

    func check() throws(DeployError) {
        try checkNamespaces()
        try checkMounts()
        for key in ["links", "external_links", "volumes_from"] where tree[key]?.items.isEmpty == false {
            throw refusal(
                key, "it reaches round the environment's network",
                next: "remove it; names of services resolve")
        }
        let copies = tree["deploy"]?["replicas"]?.integer ?? tree["scale"]?.integer ?? 1
        if copies != 1 {
            throw refusal(
                "deploy.replicas", "a release runs one container of each service", next: "remove it")
        }
    }

    private func checkNamespaces() throws(DeployError) {
        if tree["privileged"] == .bool(true) {
            throw refusal("privileged", "the container could take over the machine", next: "remove it")
        }
        if let mode = tree["network_mode"]?.text, mode != "bridge" {
            throw refusal(
                "network_mode", "\"\(mode)\" leaves the environment's network", next: "remove it")
        }
        for key in ["pid", "ipc", "uts", "userns_mode", "cgroup"] where tree[key]?.text == "host" {
            throw refusal(key, "\"host\" shares the machine's own", next: "remove it")
        }
        for capability in tree["cap_add"]?.items.compactMap(\.text) ?? []
        where ["ALL", "SYS_ADMIN", "CAP_SYS_ADMIN", "SYS_MODULE", "CAP_SYS_MODULE"].contains(capability) {
            throw refusal(
                "cap_add", "\(capability) is as much as the machine's superuser has", next: "remove it")
        }
    }

    /// The engine's socket is the machine; so is every folder it lies in.
    private func checkMounts() throws(DeployError) {
        let sockets = ["/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock"]
        for mount in tree["volumes"]?.items ?? [] {
            guard mount["type"]?.text == "bind", let source = mount["source"]?.text else { continue }
            let folder = source.ends(with: "/") ? source : "\(source)/"
            guard source.ends(with: "docker.sock") || sockets.contains(where: { $0.begins(with: folder) })
            else {
                continue
            }
            throw refusal("volumes", "\(source) gives the container the engine itself", next: "remove it")
        }
    }

    private func refusal(_ key: String, _ why: String, next: String) -> DeployError {
        file.refusal("services.\(service).\(key)", why, next: next)
    }
}

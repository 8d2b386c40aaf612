/// What a container, or a build, gets to see of the machine's files, volumes and networks.
extension ComposeRules {
    func checkMounts(_ value: JSONTree) throws(DeployError) {
        for mount in value.items {
            let type = mount["type"]?.text ?? ""
            switch type {
            case "tmpfs": break
            case "volume": try checkVolume(mount["source"]?.text ?? "")
            case "bind": try checkBind(mount)
            default:
                throw refusal(
                    "volumes", "a mount of type \"\(Shown.text(type))\" is none that deployctl knows")
            }
        }
    }

    private func checkBind(_ mount: JSONTree) throws(DeployError) {
        let source = ComposeText.plain(mount["source"]?.text ?? "")
        let shown = Shown.text(source, limit: 200)
        guard
            ["", "private", "rprivate", "slave", "rslave"].contains(mount["bind"]?["propagation"]?.text ?? "")
        else { throw refusal("volumes.bind.propagation", "mounts of the container would reach the machine") }
        let isReadOnly = mount["read_only"] == .bool(true)
        let isGranted = grants.binds.contains { $0 == "\(source):rw" || isReadOnly && $0 == "\(source):ro" }
        if isGranted, ground.givesAway(source) {
            throw refusal("volumes", "\(shown) holds what is deployctl's own, which nothing grants")
        }
        guard !isGranted else { return try refuseGone(source) }
        guard let why = ground.objection(to: source) else {
            return try checkWriting(source, isReadOnly: isReadOnly)
        }
        let wanted = "\(source):\(isReadOnly ? "ro" : "rw")"
        throw refusal(
            "volumes", why,
            next: "\(keeping(mount)); "
                + (TextRule.grantedBind.accepts(wanted) ? grant("binds", wanted) : "nothing grants this one"))
    }

    /// The engine would make an empty folder in its place, and the service would find nothing in it.
    private func refuseGone(_ source: String) throws(DeployError) {
        guard ground.files.kind(of: source) == nil else { return }
        throw DeployError(
            .gateRefused,
            what: "\(Shown.text(source, limit: 200)) is not there, and service \(service) mounts it",
            why: "an empty folder would be made in its place, and the service would find nothing in it",
            next:
                "bring it back, such as by mounting its disk; or take it out of \(file.name) and of \"grants\""
        )
    }

    /// How the definition alone says where what is mounted there lies.
    private func keeping(_ mount: JSONTree) -> String {
        let target = Shown.text(mount["target"]?.text ?? "/data", limit: 200)
        return
            "to keep it in a shared folder name one, such as \"\(folderToMount)\", in \"shared\" of environments/\(environment.name).json, and write \"mounts\": {\"\(target)\": \"\(folderToMount)\"} to services.\(service)"
    }

    /// A release stays as it was judged, secrets as they were given, and shared folders where they are: deployctl itself
    /// follows a link that stands for one.
    private func checkWriting(_ source: String, isReadOnly: Bool) throws(DeployError) {
        guard !isReadOnly, !ground.isContent(source) else { return }
        let (place, shown) = (ground.resolved(source), Shown.text(source, limit: 200))
        guard ComposeGround.isBelow(place, ground.shared) else {
            throw refusal(
                "volumes", "\(shown) is no shared folder, and the service could change it",
                next: ground.name(of: source) == source
                    ? "write :ro behind its target, or \"read_only: true\"; what a service writes lies below ${DEPLOYCTL_SHARED}"
                    : "write :ro behind its target where it is only read; what is to stay is named in \"shared\" of environments/\(environment.name).json: add \"\(Shown.text(ground.name(of: source), limit: 200))\""
            )
        }
        guard place == ground.shared else { return }
        throw refusal(
            "volumes", "the service could put links in place of the folders in \(shown)",
            next: "mount those it writes, such as ${DEPLOYCTL_SHARED}/\(folderToMount), or the whole with :ro"
        )
    }

    private var folderToMount: String {
        let database = environment.database?.file.map(Path.parent).flatMap { $0 == "." ? nil : $0 }
        return database ?? environment.sharedFolders.first ?? "data"
    }

    private func checkVolume(_ name: String) throws(DeployError) {
        guard !name.isEmpty, let volume = file.tree["volumes"]?[name] else { return }
        for key in ["driver", "driver_opts"]
        where volume[key]?.saysSomething == true && volume[key]?.text != "local" {
            throw refusal(
                "volumes",
                "volume \(Shown.text(name)) has \"\(key)\", and the engine's own are made by deployctl")
        }
        try checkExternal("volumes", name, volume, unless: environment.volumes)
    }

    func checkNetworks(_ value: JSONTree) throws(DeployError) {
        let names = value.members.keys + value.items.compactMap { $0.text }
        for name in names.sorted() {
            try checkExternal(
                "networks", name, file.tree["networks"]?[name] ?? .null, unless: [environment.networkName])
        }
    }

    private func checkExternal(_ key: String, _ name: String, _ tree: JSONTree, unless own: [String])
        throws(DeployError)
    {
        guard tree["external"]?.saysSomething == true, !own.contains(tree["name"]?.text ?? name) else {
            return
        }
        throw refusal(
            key, "\(Shown.text(name)) is external, and belongs to somebody else",
            next: "remove \"external\"; the definition names what is the environment's own")
    }

    /// Files that are mounted under the name of a secret or a configuration.
    func checkFiles(_ key: String, _ value: JSONTree, from objection: (String) -> String?) throws(DeployError)
    {
        let kind = key.ends(with: "secrets") ? "secrets" : "configs"
        try checkList(key, value)
        for name in value.items.compactMap({ $0["source"]?.text ?? $0.text }) {
            let definition = file.tree[kind]?[name] ?? .null
            try checkKeys(
                "\(key).\(Shown.text(name))", of: definition, known: ["content", "file", "labels", "name"])
            guard let path = definition["file"]?.text, let why = objection(ComposeText.plain(path)) else {
                continue
            }
            throw refusal(
                "\(key).\(Shown.text(name))", why,
                next: "name a file of the release, or one below ${DEPLOYCTL_SECRETS}")
        }
    }

    func checkBuild(_ build: JSONTree) throws(DeployError) {
        try checkKeys(
            "build", of: build,
            known: [
                "additional_contexts", "args", "cache_from", "context", "dockerfile", "dockerfile_inline",
                "labels",
                "network", "no_cache", "no_cache_filter", "platforms", "provenance", "pull", "sbom",
                "secrets", "shm_size",
                "target", "ulimits",
            ])
        let context = ComposeText.plain(build["context"]?.text ?? "")
        try checkSource("build.context", context)
        try checkSource("build.context", "\(context)/.dockerignore")
        let name = ComposeText.plain(build["dockerfile"]?.text ?? "Dockerfile")
        for file in [name, "\(name).dockerignore"] {
            try checkSource("build.dockerfile", Path.joined(context, file))
        }
        try checkContexts(build["additional_contexts"] ?? .null)
        guard [nil, .null, .text(""), .text("default"), .text("none")].contains(build["network"]) else {
            let network = build["network"]?.text ?? "this"
            throw refusal("build.network", "\"\(Shown.text(network))\" leaves the build's own network")
        }
        try checkCache(build["cache_from"] ?? .null)
        try checkLabels("build.labels", build["labels"] ?? .null)
        try checkLimits("build.ulimits", build["ulimits"] ?? .null)
        try checkFiles("build.secrets", build["secrets"] ?? .null, from: ground.objectionToSource)
    }

    private func checkContexts(_ value: JSONTree) throws(DeployError) {
        guard value.items.isEmpty, value.text == nil else {
            throw refusal("build.additional_contexts", "it is no object", next: "write each as name: place")
        }
        for (_, place) in value.members.sorted(by: { $0.key < $1.key }) {
            let place = ComposeText.plain(place.text ?? "")
            guard !["docker-image://", "service:"].contains(where: { place.begins(with: $0) }) else {
                continue
            }
            try checkSource("build.additional_contexts", place)
        }
    }

    /// A name of an image, or the registry's one spelling with an equals sign: of several types the builder takes the last.
    private func checkCache(_ value: JSONTree) throws(DeployError) {
        try checkList("build.cache_from", value)
        for source in value.items.map({ $0.text ?? "=" }) where source.holds("=") {
            let name = source.after("type=registry,ref=") ?? "="
            guard name.utf8.contains(where: { "=,\"".utf8.contains($0) }) else { continue }
            throw refusal(
                "build.cache_from", "\(Shown.text(source)) may read outside of the engine",
                next: "write the name of an image, or type=registry,ref=NAME")
        }
    }

    private func checkList(_ key: String, _ value: JSONTree) throws(DeployError) {
        guard value.saysSomething, value.items.isEmpty else { return }
        throw refusal(key, "it is no list", next: "write it as a list")
    }

    private func checkSource(_ key: String, _ path: String) throws(DeployError) {
        guard let why = ground.objectionToSource(path) else { return }
        throw refusal(key, why, next: "name a place in the release")
    }
}

import FoundationEssentials

/// Files of a release that services which outlive it mount: copies under the name of their content.
///
/// So they stay when the release goes, and a release that does not change them changes no service.
struct KeptFiles {
    let files: any FileStore
    /// Absolute; one folder for each content.
    let folder: String

    /// The Compose file with copies in place of what data services mount of the release.
    func keeping(_ unit: ComposeUnit) throws(DeployError) -> ComposeUnit {
        var unit = unit
        for service in unit.environment.dataServices.map(\.name) {
            guard var tree = unit.file.service(service) else { continue }
            if let mounts = tree["volumes"]?.items {
                tree["volumes"] = .list(
                    try mounts.map { mount throws(DeployError) in
                        guard mount["type"]?.text == "bind" else { return mount }
                        var kept = try keeping(mount, at: "source", unit.file.ground)
                        if kept != mount { kept["read_only"] = .bool(true) }
                        return kept
                    })
            }
            unit.file.tree["services"]?[service] = tree
            for kind in ["secrets", "configs"] {
                for name in tree[kind]?.items.compactMap({ $0["source"]?.text }) ?? [] {
                    guard let definition = unit.file.tree[kind]?[name] else { continue }
                    unit.file.tree[kind]?[name] = try keeping(definition, at: "file", unit.file.ground)
                }
            }
        }
        return unit
    }

    private func keeping(_ tree: JSONTree, at key: String, _ ground: ComposeGround) throws(DeployError)
        -> JSONTree
    {
        guard let path = tree[key]?.text.map(ComposeText.plain), ground.isContent(path) else { return tree }
        var tree = tree
        tree[key] = .text(ComposeText.escaped(try copy(of: ground.resolved(path))))
        return tree
    }

    private func copy(of place: String) throws(DeployError) -> String {
        let (parent, name) = (Path.parent(place), Path.name(place))
        let isFile = files.kind(of: place) == .file
        let manifest = try isFile ? single(place) : files.manifest(of: place, except: [])
        let home = "\(folder)/\(String(manifest.digest.prefix(32)))"
        guard files.kind(of: home) == nil else { return "\(home)/\(name)" }
        let partial = "\(home).partial"
        try files.remove(partial)
        try files.copy(manifest, from: isFile ? parent : place, to: isFile ? partial : "\(partial)/\(name)")
        // Containers run as users of their own.
        try files.grant(.readingForAll, at: partial)
        try files.rename(partial, to: home)
        return "\(home)/\(name)"
    }

    private func single(_ place: String) throws(DeployError) -> Manifest {
        let isExecutable = (files.permissions(of: place)?.mode ?? 0) & 0o100 != 0
        let digest = try files.digest(of: place).sha256
        return Manifest(entries: [
            .init(path: Path.name(place), content: .file(sha256: digest, executable: isExecutable))
        ])
    }

    /// Removes what none of these files names.
    func prune(keeping documents: [Data]) throws(DeployError) {
        let texts = documents.map { String(decoding: $0, as: UTF8.self) }
        for name in files.names(in: folder) where !texts.contains(where: { $0.holds("/\(name)/") }) {
            try files.remove("\(folder)/\(name)")
        }
    }
}

/// Mounts of the machine's files that lead into the environment's shared folder instead; pure.
///
/// A part of the release that the definition's `shared` names outlives it here too, and what a service's `mounts` names
/// by its place in the container is kept in a shared folder wherever the Compose file says it lies.
struct SharedMounts {
    let environment: Environment
    /// Absolute, like the release's.
    let shared: String
    let release: String
    /// The Compose file's name, for messages.
    let file: ComposeFile

    /// The file with these mounts in the services of the definition.
    ///
    /// - Throws: `.invalidDefinition` where `mounts` names a place at which nothing of the machine is mounted.
    func moved() throws(DeployError) -> JSONTree {
        var tree = file.tree
        for service in environment.composeServices {
            guard let before = tree["services"]?[service.name] else { continue }
            var seen: Set<ByteText> = []
            if let mounts = before["volumes"]?.items, !mounts.isEmpty {
                tree["services"]?[service.name]?["volumes"] = .list(
                    mounts.map { moved($0, of: service, &seen) })
            }
            guard let other = service.mounts.keys.sorted().first(where: { !seen.contains(ByteText($0)) })
            else { continue }
            throw file.refusal(
                "services.\(service.name).volumes",
                "nothing of the machine is mounted at \(Shown.text(other, limit: 200)), which \"mounts\" of the definition names",
                next:
                    "correct services.\(service.name).mounts of environments/\(environment.name).json; it names places in the container"
            )
        }
        return tree
    }

    private func moved(_ mount: JSONTree, of service: Service, _ seen: inout Set<ByteText>) -> JSONTree {
        guard mount["type"]?.text == "bind", let source = mount["source"]?.text.map(ComposeText.plain) else {
            return mount
        }
        let target = Self.straight(ComposeText.plain(mount["target"]?.text ?? ""))
        var place = lasting(source)
        if let folder = service.mounts[target] {
            seen.insert(ByteText(target))
            place = folder
        }
        guard let place else { return mount }
        var mount = mount
        mount["source"] = .text(ComposeText.escaped("\(shared)/\(place)"))
        return mount
    }

    /// Where in the shared folder a part of the release lies that outlives it; nil for all others.
    private func lasting(_ source: String) -> String? {
        guard let path = Self.straight(source).after("\(release)/") else { return nil }
        return environment.sharedFolders.contains { ComposeGround.isBelow(String(path), $0) }
            ? String(path) : nil
    }

    /// Without slashes at the end, which the engine does not see.
    private static func straight(_ path: String) -> String {
        var path = path[...]
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path = path.dropLast() }
        return String(path)
    }
}

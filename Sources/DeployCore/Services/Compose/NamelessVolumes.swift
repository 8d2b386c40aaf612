/// Names for what a data service keeps in volumes that have none; pure.
///
/// The engine makes such a volume anew with each container, and the data stays behind in the old one.
struct NamelessVolumes {
    let environment: Environment
    /// Absolute paths in the container at which the image wants volumes, by service.
    var declared: [String: [String]] = [:]
    /// Engine's names of what is mounted there already.
    var known: [KeptVolumes.Place: String] = [:]

    /// The service's mounts, each volume of them named, and the engine's names of those that had none, by key.
    func named(_ tree: JSONTree, of service: String) -> (mounts: [JSONTree], names: [String: String]) {
        var (mounts, names): ([JSONTree], [String: String]) = ([], [:])
        func keep(_ target: String) -> String {
            let key = service + target.mappingBytes { Self.isOrdinary($0) ? $0 : 0x5F }
            names[key] =
                known[.init(service: service, target: target)] ?? "\(environment.composeProject)_\(key)"
            return key
        }
        for mount in tree["volumes"]?.items ?? [] {
            var mount = mount
            if let target = Self.nameless(mount) { mount["source"] = .text(keep(target)) }
            mounts.append(mount)
        }
        for target in uncovered(tree, of: service) {
            mounts.append(
                .object(["type": .text("volume"), "source": .text(keep(target)), "target": .text(target)]))
        }
        return (mounts, names)
    }

    /// Where the service would get volumes without a name.
    func places(_ tree: JSONTree, of service: String) -> [KeptVolumes.Place] {
        let targets =
            (tree["volumes"]?.items ?? []).compactMap(Self.nameless) + uncovered(tree, of: service)
        return targets.map { .init(service: service, target: $0) }
    }

    private func uncovered(_ tree: JSONTree, of service: String) -> [String] {
        let mounts = (tree["volumes"]?.items ?? []).compactMap { $0["target"]?.text }
        let memory = (tree["tmpfs"]?.items ?? [tree["tmpfs"] ?? .null]).compactMap {
            $0.text.map { String($0.cut(at: ":")?.0 ?? $0[...]) }
        }
        return (declared[service] ?? []).filter { !(mounts + memory).contains($0) }.sorted()
    }

    private static func nameless(_ mount: JSONTree) -> String? {
        guard mount["type"]?.text == "volume", mount["source"]?.text ?? "" == "" else { return nil }
        return mount["target"]?.text
    }

    private static func isOrdinary(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == 0x2E || byte == 0x2D
    }
}

extension String {
    fileprivate func mappingBytes(_ change: (UInt8) -> UInt8) -> String {
        String(decoding: utf8.map(change), as: UTF8.self)
    }
}

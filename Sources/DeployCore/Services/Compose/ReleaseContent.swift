/// Parts of a release that services mount without saying that they only read them.
extension ComposeGround {
    /// Whether a path is a part of the release with something in it: it is mounted to be read, whatever the file says.
    ///
    /// A folder that has nothing, or only hidden files, is there to be filled.
    func isContent(_ path: String) -> Bool {
        guard objectionToSource(path) == nil else { return false }
        let place = resolved(path)
        switch files.kind(of: place) {
        case .file: return true
        case .folder: return files.names(in: place).contains { !$0.begins(with: ".") }
        default: return false
        }
    }
}

extension ComposeUnit {
    /// A bind mount that leads where its links lead, and that cannot change the release.
    func settled(_ mount: JSONTree) -> JSONTree {
        guard mount["type"]?.text == "bind", let source = mount["source"]?.text else { return mount }
        var mount = mount
        mount["source"] = .text(resolved(source))
        if file.ground.isContent(ComposeText.plain(source)) { mount["read_only"] = .bool(true) }
        return mount
    }

    /// What is mounted to be read although the file does not say so, as `web reads ./conf`; in order.
    var onlyRead: [String] {
        environment.composeServices.map(\.name).flatMap { service in
            (file.service(service)?["volumes"]?.items ?? []).compactMap { mount in
                guard mount["type"]?.text == "bind", mount["read_only"] != .bool(true),
                    let source = mount["source"]?.text.map(ComposeText.plain), file.ground.isContent(source)
                else { return nil }
                return "\(service) reads \(Shown.text(file.ground.name(of: source), limit: 200))"
            }
        }
    }
}

/// Folders of a release in which another mount of the same container begins.
struct NestedPlaces {
    /// A complete file that is about to start.
    let document: JSONTree
    let release: String

    /// Absolute, in order: the engine cannot make them where it mounts the release to be read.
    var folders: [String] {
        var folders: Set<String> = []
        for service in (document["services"]?.members ?? [:]).values {
            let targets = (service["volumes"]?.items ?? []).compactMap { $0["target"]?.text }
            for (source, outer) in sources(of: service) {
                for rest in targets.compactMap({ $0.after("\(outer)/") }) where isStraight(rest) {
                    folders.insert("\(source)/\(rest)")
                }
            }
        }
        return folders.sorted()
    }

    /// What a service mounts of the release, and where.
    private func sources(of service: JSONTree) -> [(source: String, target: String)] {
        (service["volumes"]?.items ?? []).compactMap { mount in
            guard mount["type"]?.text == "bind", let target = mount["target"]?.text,
                let source = mount["source"]?.text.map(ComposeText.plain),
                ComposeGround.isBelow(source, release)
            else { return nil }
            return (source, target)
        }
    }

    private func isStraight(_ rest: Substring) -> Bool {
        !rest.isEmpty && !rest.split(at: "/").contains { $0 == ".." }
    }
}

/// One address and what nginx serves there from the disk.
struct StaticPlace: Hashable, Sendable {
    /// The path of the address; a folder's ends in a slash.
    var address: String
    /// Absolute path of the folder, without a closing slash, or of the file.
    var path: String
    /// The folder on the way to `path` below which no link is followed.
    var root: String

    var isFolder: Bool { address.ends(with: "/") }
}

/// What the static routes of a release serve, links resolved beforehand so that nginx need not follow any.
///
/// A link of the release is resolved as long as it stays below the folder of its route. A shared folder is served
/// from where it lies, unless the application's database is in it.
struct StaticPlaces: Sendable {
    /// Absolute path of the release's folder.
    let release: String
    /// What the release was sealed with; paths are relative to its folder.
    let sealed: Manifest
    /// Shared folders by their path in the release, and where each really lies.
    let shared: [String: String]
    /// The SQLite file, relative to the shared folder; nil when there is none.
    let database: String?

    private let links: [ByteText: String]
    private let files: Set<ByteText>

    init(release: String, sealed: Manifest, shared: [String: String], database: String?) {
        self.release = release
        self.sealed = sealed
        self.shared = shared
        self.database = database
        var links: [ByteText: String] = [:]
        var files: Set<ByteText> = []
        for entry in sealed.entries {
            switch entry.content {
            case .link(let target): links[ByteText(entry.path)] = target
            case .file: files.insert(ByteText(entry.path))
            }
        }
        self.links = links
        self.files = files
    }

    /// The folder of a route first, then what in it is a link.
    func places(for route: Service.Route, folder: String) -> [StaticPlace] {
        let address = route.path.ends(with: "/") ? route.path : route.path + "/"
        guard let base = resolve(folder), !holdsDatabase(folder) else { return [] }
        guard case .release(let top) = base else {
            return liesInShared(folder) ? [place(address, base)].compactMap(\.self) : []
        }
        let within = top.isEmpty ? "" : top + "/"
        let inner =
            shared.keys.filter { $0.begins(with: within) && !holdsDatabase($0) }
            + links.keys.map(\.text).filter { $0.begins(with: within) && !isShared($0) }
        return [place(address, base)].compactMap(\.self)
            + Set(inner.map(ByteText.init)).map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .compactMap { path in
                let name = String(decoding: path.utf8.dropFirst(within.utf8.count), as: UTF8.self)
                guard NginxText.isWritable(name), let target = resolve(path) else { return nil }
                switch target {
                case .release(let inner):
                    guard inner.begins(with: within) || inner == top else { return nil }
                    return place(address + name + (files.contains(ByteText(inner)) ? "" : "/"), target)
                case .shared:
                    return isShared(path) ? place("\(address)\(name)/", target) : nil
                }
            }
    }

    /// Absolute path of a page in the folder of a route; nil where the release has no such file there.
    func page(_ name: String, in folder: String) -> String? {
        guard case .release(let top)? = resolve(folder),
            case .release(let path)? = resolve("\(folder)/\(name)"), files.contains(ByteText(path)),
            top.isEmpty || path.begins(with: top + "/"), NginxText.isWritable("\(release)/\(path)")
        else { return nil }
        return "\(release)/\(path)"
    }

    /// Absolute path of a folder of the release, links resolved, and the files in it, relative to it; nil where the
    /// release has no such folder.
    func content(of folder: String) -> (path: String, files: [String])? {
        guard case .release(let top)? = resolve(folder) else { return nil }
        let within = top.isEmpty ? "" : top + "/"
        let names = files.map(\.text).compactMap { $0.after(within).map(String.init) }
        guard !names.isEmpty else { return nil }
        return (path: top.isEmpty ? release : "\(release)/\(top)", files: names)
    }

    /// Of all routes.
    func places(for environment: Environment) -> [StaticPlace] {
        environment.services.filter { $0.role == .edge }.flatMap(\.routes).flatMap { route in
            guard case .folder(let folder) = route.target else { return [StaticPlace]() }
            return places(for: route, folder: folder)
        }
    }

    private enum Target: Hashable {
        /// A path of the release.
        case release(String)
        /// Absolute paths: where it lies, and the shared folder it lies in.
        case shared(String, root: String)
    }

    /// nil where a link leads to a name that nginx would read as more than a name.
    private func place(_ address: String, _ target: Target) -> StaticPlace? {
        let place =
            switch target {
            case .release(let path):
                StaticPlace(
                    address: address, path: path.isEmpty ? release : "\(release)/\(path)", root: release)
            case .shared(let path, let root): StaticPlace(address: address, path: path, root: root)
            }
        return NginxText.isWritable(place.path) ? place : nil
    }

    /// nil where a link leads out of the release, or round in a circle.
    private func resolve(_ path: String) -> Target? {
        var done: [String] = []
        var rest = Self.names(path)
        var hops = 0
        while let name = rest.popLast() {
            if name == ".." {
                guard done.popLast() != nil else { return nil }
                continue
            }
            done.append(name)
            let here = done.joined(separator: "/")
            if let place = shared.first(where: { $0.key == here })?.value {
                guard !rest.contains(where: { $0 == ".." }) else { return nil }
                return .shared(([place] + rest.reversed()).joined(separator: "/"), root: place)
            }
            guard let target = links[ByteText(here)] else { continue }
            hops += 1
            guard hops <= 40, !target.begins(with: "/") else { return nil }
            done.removeLast()
            rest += Self.names(target)
        }
        return .release(done.joined(separator: "/"))
    }

    private func isShared(_ path: String) -> Bool { shared.keys.contains { $0 == path } }

    /// Whether the name itself, not only what a link makes of it, is that of a shared folder or of something in one.
    private func liesInShared(_ folder: String) -> Bool {
        shared.keys.contains { $0 == folder || folder.begins(with: $0 + "/") }
    }

    private func holdsDatabase(_ folder: String) -> Bool { database?.begins(with: folder + "/") == true }

    /// Last first, as they are taken.
    private static func names(_ path: String) -> [String] {
        path.split(at: "/").map { String($0) }.filter { $0 != "." }.reversed()
    }
}

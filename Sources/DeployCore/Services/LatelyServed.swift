import FoundationEssentials

/// Releases that visitors may have pages of: those that served within `front.keepAssets`.
struct LatelyServed {
    let site: Site

    private var environment: Environment { site.environment }

    /// Until when the files of each are kept, the latest first; the release that serves now counts as ending now.
    func releases() throws(DeployError) -> [(move: Deployment, until: Date)] {
        guard let keep = environment.front.keepAssets else { return [] }
        let now = site.ports.clock.now()
        var end = now
        var found: [(move: Deployment, until: Date)] = []
        let moves = try site.ports.state.releaseMoves(of: environment.name) {
            $0.last.map { ($0.finishedAt ?? $0.startedAt).addingTimeInterval(keep.seconds) <= now } ?? true
        }
        for move in moves {
            let until = end.addingTimeInterval(keep.seconds)
            guard until > now else { break }
            if let release = move.release, !found.contains(where: { $0.move.release == release }) {
                found.append((move, until))
            }
            end = move.finishedAt ?? move.startedAt
        }
        return found
    }

    /// What a front of `release` serves of the others.
    ///
    /// It is started before the traffic moves, so what serves until then is kept for as long as that may take, too.
    func assets(beside release: Timestamp, in layout: Layout) throws(DeployError) -> KeptAssets {
        let start = environment.appServices.compactMap { $0.health?.timeout.seconds }.max() ?? 0
        var kept: [KeptAssets.Kept] = []
        for (move, until) in try releases() {
            guard let older = move.release, older != release,
                site.ports.files.kind(of: layout.release(older)) == .folder,
                let sealed = try? ReleaseSeal(site).sealed(older)
            else { continue }
            let definition = try site.ports.state.definition(of: move.timestamp) ?? environment
            let statics = StaticPlaces(
                release: layout.release(older), sealed: sealed,
                shared: Dictionary(
                    uniqueKeysWithValues: definition.sharedFolders.map { ($0, "\(layout.shared)/\($0)") }),
                database: definition.database?.file)
            kept.append(
                .init(
                    release: older, until: until.addingTimeInterval(start),
                    folders: statics.folders(of: definition)))
        }
        return KeptAssets(releases: layout.releases, kept: kept)
    }
}

extension StaticPlaces {
    /// The folders of static routes, relative to the release, by the path of the route; what lies elsewhere is left out.
    func folders(of environment: Environment) -> [String: String] {
        var folders: [String: String] = [:]
        for route in environment.services.filter({ $0.role == .edge }).flatMap(\.routes) {
            guard case .folder(let folder) = route.target,
                let place = places(for: route, folder: folder).first, place.root == release,
                place.address == (route.path.ends(with: "/") ? route.path : route.path + "/")
            else { continue }
            folders[route.path] =
                place.path == release ? "" : place.path.after(release + "/").map(String.init)
        }
        return folders
    }
}

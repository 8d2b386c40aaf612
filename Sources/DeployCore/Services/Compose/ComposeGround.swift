/// Where what a Compose file names may lie: the release, and its environment's own folders.
struct ComposeGround {
    let files: any FileStore
    /// The release's folder, absolute like the others.
    let release: String
    let shared: String
    let secrets: String
    /// Where the file of the features lies, to be read.
    var features: String?
    /// What nobody may be given: the project with the tool's own folder, backups and logs.
    let closed: [String]

    /// Why a path, absolute and without variables, is not below one of the folders; nil where it is.
    ///
    /// Links are followed: the engine would follow them too.
    func objection(to path: String) -> String? { way(to: path, below: all).objection }

    /// The same for what can only be a part of the commit.
    func objectionToSource(_ path: String) -> String? { way(to: path, below: [release]).objection }

    /// Where a path leads in the end, without links; the path itself where it leads out of the folders.
    func resolved(_ path: String) -> String { way(to: path, below: all).end ?? path }

    private var all: [String] { [release, shared, secrets, features].compactMap(\.self) }

    /// Whether mounting `path` would give away what is closed.
    func givesAway(_ path: String) -> Bool {
        closed.contains { Self.isBelow(path, $0) || Self.isBelow($0, path) }
    }

    /// A file of the release, for messages.
    func name(of file: String) -> String { file.after("\(release)/").map(String.init) ?? file }

    static func isBelow(_ path: String, _ folder: String) -> Bool {
        path == folder || path.begins(with: folder.ends(with: "/") ? folder : "\(folder)/")
    }

    private enum Way {
        case ends(String)
        case refused(String)

        var end: String? { if case .ends(let place) = self { place } else { nil } }
        var objection: String? { if case .refused(let why) = self { why } else { nil } }
    }

    private func way(to path: String, below folders: [String], links: Int = 0) -> Way {
        guard let folder = folders.first(where: { Self.isBelow(path, $0) }), path.isStraight else {
            return .refused("\(path) lies outside of what a release may reach")
        }
        let tooFar = Way.refused("a link leads from \(path) to where a release may not reach")
        var (place, links) = (folder, links)
        var ahead = Array(path.dropping(folder).split(at: "/").reversed())
        while let part = ahead.popLast() {
            guard part != "." else { continue }
            guard part != ".." else {
                guard files.linkTarget(place) == nil else { return tooFar }
                place = Path.parent(place)
                continue
            }
            let next = place == "/" ? "/\(part)" : "\(place)/\(part)"
            guard let target = files.linkTarget(next) else {
                place = next
                continue
            }
            links += 1
            guard links < 40 else { return tooFar }
            guard !target.begins(with: "/") else {
                let rest = ([target] + ahead.reversed().map(String.init)).joined(separator: "/")
                let way = way(to: rest, below: folders, links: links)
                return way.end == nil ? tooFar : way
            }
            ahead += target.split(at: "/").reversed()
        }
        return folders.contains { Self.isBelow(place, $0) } ? .ends(place) : tooFar
    }
}

extension String {
    /// Without a step back, which means one thing to who reads it and another to who follows links.
    fileprivate var isStraight: Bool { !split(at: "/").contains { $0 == ".." } }

    fileprivate func dropping(_ folder: String) -> Substring { after(folder) ?? self[...] }
}

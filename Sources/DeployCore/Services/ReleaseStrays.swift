import FoundationEssentials

/// What an application wrote into the folder of its release.
///
/// Byte code, caches and what was there when the release was sealed is none of it. What the project's own commands made
/// counts where it is a database or was written to since.
struct ReleaseStrays {
    let site: Site

    private var files: any FileStore { site.ports.files }
    private var seal: ReleaseSeal { ReleaseSeal(site) }

    /// In order of path; empty where the release cannot be read.
    func found(in release: Timestamp) -> [Stray] {
        let folder = site.layout.release(release)
        guard let manifest = try? seal.sealed(release),
            let content = try? files.content(of: folder, hashing: false)
        else { return [] }
        let sealed = Dictionary(manifest.entries.map { ($0.listed, $0) }) { first, _ in first }
        let names = Set(sealed.keys)
        let made = Dictionary(seal.made(in: release).map { ($0.path, $0) }) { first, _ in first }
        return content.entries.compactMap { entry in
            guard case .file(let bytes, _) = entry.kind, bytes > 0, !Stray.isPassing(entry.path) else {
                return nil
            }
            let place = "\(folder)/\(String(decoding: FolderContent.unescaped(entry.path), as: UTF8.self))"
            guard seal.isAddition(entry, to: names) else {
                return sealed[entry.path].flatMap { written(over: $0, place, bytes) }
            }
            let isDatabase = isDatabase(place)
            if let known = made[entry.path], !isDatabase, case .file(bytes, _) = known.kind { return nil }
            return Stray(path: entry.path, bytes: bytes, isDatabase: isDatabase)
        }
    }

    /// A database that was built or committed and changed since; other changed files are drift.
    private func written(over entry: Manifest.Entry, _ place: String, _ bytes: Int64) -> Stray? {
        guard Stray.looksLikeDatabase(entry.path), case .file(let sha256, _) = entry.content,
            let now = try? files.digest(of: place), now.sha256 != sha256
        else { return nil }
        return Stray(path: entry.listed, bytes: bytes, isDatabase: isDatabase(place))
    }

    private static let magic = Array("SQLite format 3\0".utf8)

    private func isDatabase(_ place: String) -> Bool {
        let start = try? files.read(place, from: 0, limit: Self.magic.count)
        return (start ?? nil).map { $0.elementsEqual(Self.magic) } ?? false
    }
}

import FoundationEssentials

/// Compares a release folder with the manifest it was sealed with, and that with the recorded digest.
struct ReleaseSeal: Sendable {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// The manifest, when every sealed file is byte for byte what was built; what was added is not looked at,
    /// since only what the manifest names is ever copied.
    ///
    /// - Throws: `.notFound` when the release is gone, `.gateRefused` when it was changed.
    @discardableResult
    func verify(_ release: Timestamp, digest: String) throws(DeployError) -> Manifest {
        let comparison = try compare(release, digest: digest)
        if let entry = comparison.changed.first { throw changed(release, entry, in: comparison) }
        return comparison.manifest
    }

    /// Makes sure that the folder holds what was built and nothing else, before it serves.
    ///
    /// What neither the build nor the project's own commands made is moved to ``Layout/releaseStrays(_:)``, and
    /// rights that nobody gave are taken away. Byte code that an interpreter or a tool wrote over is moved there too, and
    /// may be missing: it is made anew from the sealed source.
    ///
    /// - Returns: how much was looked at and what was done, in words.
    /// - Throws: as `verify`.
    func settle(_ release: Timestamp, digest: String) throws(DeployError) -> String {
        try ReleaseSharing(site: site).separate(release, sealed(release))
        let moment = files.moment(in: layout.releases)
        let comparison = try compare(release, digest: digest)
        let (manifest, content) = (comparison.manifest, comparison.content)
        try refuseChanges(of: release, in: comparison)
        let folder = layout.release(release)
        let added = try strays(of: release, manifest, content)
        let rewritten = comparison.changed.map(\.listed).filter { comparison.present[$0] != nil }
        let strays = added + rewritten
        for path in strays { try files.move(listed: path, from: folder, to: layout.releaseStrays(release)) }
        try settlePlace(of: release, manifest)
        let moved = Set(strays)
        let loose = content.entries.filter { $0.mode & Self.foreignRights != 0 && !moved.contains($0.path) }
        for entry in loose {
            try files.setMode(entry.mode & ~Self.foreignRights, ofListed: entry.path, beneath: folder)
        }
        remember(release, manifest, comparedSince: moment)
        return
            (["\(manifest.entries.count) files", "\(digest.prefix(12))"]
            + (strays.isEmpty
                ? [] : ["\(leaving(added, rewritten)) moved to \(layout.releaseStrays(release))"])
            + (loose.isEmpty ? [] : ["rights taken away from \(loose.count)"])).joined(separator: ", ")
    }

    /// Takes away rights that no release needs: set-id bits, and that others may write.
    func tighten(_ folder: String) throws(DeployError) {
        for entry in try files.content(of: folder, hashing: false).entries
        where entry.mode & Self.foreignRights != 0 {
            try files.setMode(entry.mode & ~Self.foreignRights, ofListed: entry.path, beneath: folder)
        }
    }

    /// Writes down what is in the folder beyond the manifest as made by the project's own commands.
    func recordAdditions(of release: Timestamp) throws(DeployError) {
        let manifest = try sealed(release)
        let content = try files.content(of: layout.release(release), hashing: true)
        let sealed = Set(manifest.entries.map(\.listed))
        try record(content.entries.filter { isAddition($0, to: sealed) }, of: release)
    }

    /// Writes down that nothing was made in a new release's folder yet.
    func recordNoAdditions(of release: Timestamp) throws(DeployError) { try record([], of: release) }

    /// The manifest a release was sealed with, whatever its folder holds now.
    func sealed(_ release: Timestamp) throws(DeployError) -> Manifest {
        guard files.kind(of: layout.release(release)) == .folder,
            let data = try files.read(layout.releaseManifest(release))
        else {
            throw DeployError(
                .notFound, what: "Release \(release) is not in \(layout.environment.name)",
                why: "there is no folder \(layout.release(release)) with its manifest",
                next: "deployctl history")
        }
        return try JSON.value(Manifest.self, from: data, named: layout.releaseManifest(release))
    }
}

extension ReleaseSeal {
    /// Set-id bits, the sticky bit, and the group's and everybody's right to write.
    private static let foreignRights: UInt16 = 0o7022

    private struct Comparison {
        let manifest: Manifest
        let content: FolderContent
        /// What the folder holds, by path.
        let present: [String: FolderContent.Entry]
        /// What the manifest names and the folder does not hold so.
        let changed: [Manifest.Entry]
    }

    private func compare(_ release: Timestamp, digest: String) throws(DeployError) -> Comparison {
        let manifest = try sealed(release)
        guard manifest.digest == digest else {
            throw changed(release, "its manifest has digest \(manifest.digest), built was \(digest)")
        }
        if BuildPlace(site: site, release: release).isKept {
            let place = try comparison(of: layout.build(release), with: manifest)
            try refuseChanges(of: release, in: place, at: "\(layout.build(release))/")
        }
        return try comparison(of: layout.release(release), with: manifest)
    }

    private func comparison(of folder: String, with manifest: Manifest) throws(DeployError) -> Comparison {
        let content = try files.content(of: folder, hashing: true)
        let present = Dictionary(content.entries.map { ($0.path, $0) }) { first, _ in first }
        return Comparison(
            manifest: manifest, content: content, present: present,
            changed: manifest.entries.filter { present[$0.listed]?.line != $0.listedLine })
    }

    /// Byte code may be written over and may be missing: it is made anew from the sealed source.
    private func refuseChanges(
        of release: Timestamp, in comparison: Comparison, at folder: String = ""
    ) throws(DeployError) {
        let byteCode = ByteCode(of: comparison.manifest)
        let entry = comparison.changed.first {
            !byteCode.isMadeAnew($0.listed) || comparison.present[$0.listed]?.kind == .folder
        }
        if let entry { throw changed(release, entry, in: comparison, at: folder) }
    }

    private func leaving(_ added: [String], _ rewritten: [String]) -> String {
        ([added.isEmpty ? nil : "\(added.count) added"]
            + [rewritten.isEmpty ? nil : "\(rewritten.count) of byte code written over"])
            .compactMap { $0 }.joined(separator: " and ")
    }

    /// Moves what was put into the folder the release was built in to ``Layout/buildStrays(_:)``: no environment wrote it there
    /// with a right.
    private func settlePlace(of release: Timestamp, _ manifest: Manifest) throws(DeployError) {
        guard BuildPlace(site: site, release: release).isKept else { return }
        let folder = layout.build(release)
        let place = try comparison(of: folder, with: manifest)
        let sealed = Set(manifest.entries.map(\.listed)).subtracting(place.changed.map(\.listed))
        for entry in place.content.entries where entry.kind != .folder && !sealed.contains(entry.path) {
            try files.move(listed: entry.path, from: folder, to: layout.buildStrays(release))
        }
    }

    /// What is in the folder, but neither in the manifest nor made by the project's own commands.
    ///
    /// An earlier version wrote down no additions: what is found then is taken for the commands' own where there are any.
    private func strays(
        of release: Timestamp, _ manifest: Manifest, _ content: FolderContent
    ) throws(DeployError) -> [String] {
        let sealed = Set(manifest.entries.map(\.listed))
        let added = content.entries.filter { isAddition($0, to: sealed) }
        guard let known = try additions(of: release) else {
            let isTrusted = layout.environment.runsCommandsInReleases
            try record(isTrusted ? added : [], of: release)
            return isTrusted ? [] : added.map(\.path)
        }
        let made = Dictionary(known.entries.map { ($0.path, $0.line) }) { first, _ in first }
        return added.filter { made[$0.path] != $0.line }.map(\.path)
    }

    /// Folders hold nothing by themselves, and the links to shared folders and to linked files are deployctl's own.
    func isAddition(_ entry: FolderContent.Entry, to sealed: Set<String>) -> Bool {
        if entry.kind == .folder || sealed.contains(entry.path) { return false }
        let environment = layout.environment
        let links =
            environment.sharedFolders.map { ($0, "\(layout.shared)/\($0)") }
            + environment.linkedPaths.map { ($0, layout.linkedFile($0)) }
        return !links.contains { path, target in
            entry.path == FolderContent.escaped(path.utf8)
                && entry.kind == .link(target: FolderContent.escaped(target.utf8))
        }
    }

    /// What the project's own commands made there; empty where that is not known.
    func made(in release: Timestamp) -> [FolderContent.Entry] {
        ((try? additions(of: release)) ?? nil)?.entries ?? []
    }

    private func additions(of release: Timestamp) throws(DeployError) -> FolderContent? {
        try files.read(layout.releaseAdditions(release)).map {
            FolderContent(lines: String(decoding: $0, as: UTF8.self)) ?? FolderContent(entries: [])
        }
    }

    private func record(_ entries: [FolderContent.Entry], of release: Timestamp) throws(DeployError) {
        let list = layout.releaseAdditions(release)
        try files.makeFolder(Path.parent(list))
        try files.publish(Data(FolderContent(entries: entries).lines.utf8), to: list)
    }

    private func changed(
        _ release: Timestamp, _ entry: Manifest.Entry, in comparison: Comparison, at folder: String = ""
    ) -> DeployError {
        let now = comparison.present[entry.listed].map(\.described) ?? "missing"
        return changed(release, "\(folder)\(entry.path) is \(now), built was \(Self.describe(entry.content))")
    }

    private func changed(_ release: Timestamp, _ why: String) -> DeployError {
        DeployError(
            .gateRefused, what: "Release \(release) in \(layout.environment.name) is not what was built",
            why: why,
            next: "deployctl staging")
    }

    private static func describe(_ content: Manifest.Entry.Content) -> String {
        switch content {
        case .file(let sha256, let executable): "\(executable ? "executable " : "")\(sha256.prefix(16))"
        case .link(let target): "a link to \(target)"
        }
    }
}

extension Manifest.Entry {
    /// The path as a folder's content lists it.
    var listed: String { FolderContent.escaped(path.utf8) }

    /// What its line is in a folder's content, without size and rights.
    fileprivate var listedLine: String {
        switch content {
        case .file(let sha256, let executable): "\(executable ? "x" : "f") \(sha256)"
        case .link(let target): "l \(FolderContent.escaped(target.utf8))"
        }
    }
}

extension FolderContent.Entry {
    /// What a manifest compares: no size, and of the rights only whether its owner may run it.
    fileprivate var line: String {
        switch kind {
        case .file(_, let sha256): "\(mode & 0o100 != 0 ? "x" : "f") \(sha256)"
        case .link(let target): "l \(target)"
        case .folder: "d"
        }
    }

    fileprivate var described: String {
        switch kind {
        case .file(_, let sha256): "\(mode & 0o100 != 0 ? "executable " : "")\(sha256.prefix(16))"
        case .link(let target): "a link to \(target)"
        case .folder: "a folder"
        }
    }
}

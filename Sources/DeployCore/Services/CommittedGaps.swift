import FoundationEssentials

/// What a commit only points to: submodules and files that Git LFS keeps elsewhere.
///
/// An archive has an empty folder and a few lines of text there.
struct CommittedGaps {
    let files: any FileStore

    /// What may have to be filled, relative to the folder a commit was just unpacked in.
    struct Found: Hashable {
        /// Empty folders: submodules, and what rules of `export-ignore` leave of a folder.
        var hollow: [String] = []
        /// As ``FolderContent`` writes paths.
        var pointers: [String] = []
    }

    /// Those paths of `git ls-tree -z` that are submodules.
    static func submodules(in entries: String) -> [String] {
        entries.split(at: "\0").compactMap { entry in
            entry.begins(with: "160000 ") ? entry.cut(at: "\t").map { String($0.after) } : nil
        }
    }

    func find(in folder: String) throws(DeployError) -> Found {
        let entries = try files.content(of: folder, hashing: false).entries
        var found = Found()
        let outer = Set(entries.compactMap { $0.path.cutLast(at: "/").map { String($0.before) } })
        for entry in entries {
            switch entry.kind {
            case .folder:
                if !outer.contains(entry.path) { found.hollow.append(Self.plain(entry.path)) }
            case .file(let bytes, _):
                if Self.pointerSizes.contains(bytes), try isPointer(entry.path, in: folder) {
                    found.pointers.append(entry.path)
                }
            case .link: break
            }
        }
        return found
    }

    /// - Throws: `.gateRefused` where one of these submodules or pointers is still what it was.
    func refuse(submodules: [String], pointers: [String], in folder: String) throws(DeployError) {
        let hollow = submodules.filter { path in
            let place = "\(folder)/\(path)"
            return files.kind(of: place) == .folder && files.names(in: place).isEmpty
        }
        guard hollow.isEmpty else {
            throw refusal(
                hollow.map { Shown.text($0) }, "is a submodule", "are submodules",
                "the release would have an empty folder there",
                "fetch it in \"build\", commit its files instead")
        }
        var left: [String] = []
        for path in pointers where try isPointer(path, in: folder) { left.append(path) }
        guard left.isEmpty else {
            throw refusal(
                left, "is kept by Git LFS", "are kept by Git LFS",
                "the release would have three lines of text there",
                "git lfs install && git lfs pull, then deploy again, fetch it in \"build\"")
        }
    }

    /// The three lines of a pointer, as Git LFS specifies them, take about 130 bytes.
    private static let pointerSizes: ClosedRange<Int64> = 90...1024
    private static let pointerStart = Array("version https://git-lfs.github.com/spec/".utf8)

    private func isPointer(_ path: String, in folder: String) throws(DeployError) -> Bool {
        let start = try files.read(place(path, in: folder), from: 0, limit: Self.pointerStart.count)
        return start.map { $0.elementsEqual(Self.pointerStart) } ?? false
    }

    private func place(_ path: String, in folder: String) -> String { "\(folder)/\(Self.plain(path))" }

    private static func plain(_ path: String) -> String {
        String(decoding: FolderContent.unescaped(path), as: UTF8.self)
    }

    private func refusal(
        _ paths: [String], _ one: String, _ many: String, _ why: String, _ next: String
    ) -> DeployError {
        let more = paths.count > 3 ? " and \(paths.count - 3) more" : ""
        let first = paths[0]
        return DeployError(
            .gateRefused,
            what: "\(paths.prefix(3).joined(separator: ", "))\(more) \(paths.count == 1 ? one : many)",
            why: why,
            next:
                "\(next), or leave it out: write the line \(first) export-ignore into .gitattributes and commit"
        )
    }
}

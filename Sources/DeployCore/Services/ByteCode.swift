/// What Python keeps of a source in `__pycache__` beside it, and makes anew where it is missing.
struct ByteCode: Sendable {
    /// Sealed sources, relative to the release, as ``FolderContent`` writes paths.
    private let sources: Set<String>

    init(of manifest: Manifest) {
        sources = Set(
            manifest.entries.compactMap { entry in
                guard case .file = entry.content, entry.listed.ends(with: ".py") else { return nil }
                return entry.listed
            })
    }

    /// Whether this path, relative to the release, can only be byte code of a sealed source.
    func isMadeAnew(_ path: String) -> Bool {
        guard path.ends(with: ".pyc"), let (folder, name) = "/\(path)".cutLast(at: "/__pycache__/"),
            !name.holds("/"), let (module, _) = name.cut(at: ".")
        else { return false }
        return sources.contains(String("\(folder)/\(module).py".dropFirst()))
    }
}

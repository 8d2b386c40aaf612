/// A kit that was opened in a folder of its own, of which every byte was compared with its list.
struct OpenedKit {
    let files: any FileStore
    /// Absolute.
    let folder: String
    let manifest: KitManifest
    let content: Manifest

    /// What lies below a path of it; empty where nothing does.
    func part(_ path: String) -> Manifest {
        Manifest(
            entries: content.entries.compactMap { entry in
                guard let rest = entry.path.after("\(path)/") else { return nil }
                return Manifest.Entry(path: String(rest), content: entry.content)
            })
    }

    /// Whether it holds a file of exactly this path.
    func holds(_ path: String) -> Bool {
        content.entries.contains { entry in
            guard case .file = entry.content else { return false }
            return entry.path == path
        }
    }

    /// Paths of the files below a path, relative to that.
    func names(below path: String) -> [String] { part(path).entries.map(\.path) }

    func damaged(_ why: String) -> DeployError { Self.damaged(why) }

    static func damaged(_ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "The kit cannot be used", why: "\(why); nothing was changed",
            next: "use another one, or make it again: deployctl kit create", isDamage: true)
    }
}

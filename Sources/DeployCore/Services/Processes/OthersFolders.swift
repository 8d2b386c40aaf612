/// What a service that runs under deployctl's own account shall find empty: the tool's memory, and what belongs to the
/// project's other environments.
struct OthersFolders {
    let site: Site
    /// What the service belongs to.
    let release: Timestamp

    private var layout: Layout { site.layout }
    private var files: any FileStore { site.ports.files }

    /// Those that are there.
    func closed() -> [ClosedFolder] {
        let tool = Layout.tool(layout.project)
        let beside = others.flatMap { other in
            ["\(layout.project)/.secrets", Path.parent(layout.backups), Path.parent(layout.logs)].map {
                "\($0)/\(other)"
            }
        }
        let own = [layout.backups, layout.logs, layout.root]
        let place = BuildPlace(site: site, release: release).isKept ? layout.build(release) : nil
        return [ClosedFolder(tool, but: layout.root, readable: place)]
            + beside.filter { folder in
                files.kind(of: folder) == .folder
                    && !own.contains { $0 == folder || $0.begins(with: "\(folder)/") }
            }.map { ClosedFolder($0) }
    }

    /// The names of the other environments, also of one that was not deployed to yet.
    private var others: [String] {
        let known = files.names(in: Layout.tool(layout.project)).filter {
            files.kind(of: "\(Layout.tool(layout.project))/\($0)") == .folder
        }
        return (known + ["staging", "production"]).filter { $0 != site.environment.name }
    }
}

/// Lets an environment's account at what it needs, and at nothing else of deployctl's.
struct AccountFolders {
    let site: Site

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// The way to releases, sockets and data, and the data itself.
    func open() throws(DeployError) {
        guard let account = try site.account() else { return }
        try passForAll(Layout.tool(layout.project))
        if let sockets = site.environment.runtime.sockets { try passForAll(layout.absolute(sockets)) }
        for folder in [layout.root, layout.releases, layout.run, layout.edge] { try pass(folder, account) }
        let data =
            site.environment.sharedFolders.map { "\(layout.shared)/\($0)" }
            + [layout.databaseLink].compactMap { $0.map(Path.parent) }
        for folder in data {
            var above = Path.parent(folder)
            while above.begins(with: layout.shared), !data.contains(where: { $0 == above }) {
                try pass(above, account)
                above = Path.parent(above)
            }
            try files.makeFolder(folder)
            try files.grant(.ownership(account), at: folder)
        }
    }

    /// The files of a release, to read, and the copy of the database that its commands are rehearsed on.
    func open(_ release: Timestamp, on database: DatabaseLocation? = nil) throws(DeployError) {
        guard let account = try site.account() else { return }
        try open()
        try files.grant(.reading(account), at: layout.release(release))
        guard let folder = database.map({ Path.parent($0.name) }), Path.parent(folder) == layout.scratch
        else {
            return
        }
        try pass(layout.scratch, account)
        try files.grant(.ownership(account), at: folder)
    }

    /// The folder of an instance, to pass, and its place for sockets.
    func open(instance: String) throws(DeployError) {
        guard let account = try site.account() else { return }
        try pass(layout.instance(instance), account)
        let sockets = "\(layout.instance(instance))/app"
        try files.makeFolder(sockets)
        try files.grant(.ownership(account), at: sockets)
    }

    private func pass(_ folder: String, _ account: Account) throws(DeployError) {
        try files.makeFolder(folder)
        try files.grant(.passage(account), at: folder)
    }

    private func passForAll(_ folder: String) throws(DeployError) {
        try files.makeFolder(folder)
        try files.grant(.passageForAll, at: folder)
    }
}

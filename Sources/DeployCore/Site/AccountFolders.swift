/// Lets an environment's account at what it needs, and at nothing else of deployctl's.
struct AccountFolders {
    let site: Site

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// The way to releases, sockets and data, and the data itself.
    func open() throws(DeployError) {
        guard let account = try site.account() else { return try openToWorker() }
        try passForAll(Layout.tool(layout.project))
        if let sockets = site.environment.runtime.sockets { try passForAll(layout.absolute(sockets)) }
        for folder in [layout.root, layout.releases, layout.run, layout.edge] { try pass(folder, account) }
        if let serving { try pass(serving, account) }
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
        try BuildPlace(site: site, release: release).open()
        guard let folder = database.map({ Path.parent($0.name) }), Path.parent(folder) == layout.scratch
        else {
            return
        }
        try pass(layout.scratch, account)
        try files.grant(.ownership(account), at: folder)
    }

    /// The folder of an instance, to pass, and its place for sockets.
    func open(instance: String) throws(DeployError) {
        let sockets = Path.parent(layout.socket(of: "app", in: instance))
        guard let account = try site.account() else {
            guard let worker = try site.worker() else { return }
            try add(.passage, for: worker, at: layout.instance(instance))
            return try add(.sockets, for: worker, at: sockets)
        }
        try pass(layout.instance(instance), account)
        try files.makeFolder(sockets)
        try files.grant(.ownership(account), at: sockets)
    }

    /// What nginx serves from the disk, absolute paths, and the way to it.
    func open(served paths: [String]) throws(DeployError) {
        guard try site.account() == nil, let worker = try site.worker() else { return }
        let right = AddedRight.reading(dotFiles: site.environment.front.dotFiles)
        for path in paths where files.kind(of: path) != nil {
            var above = Path.parent(path)
            while above.begins(with: layout.root) {
                try files.grant(.added(.passage, worker), at: above)
                above = Path.parent(above)
            }
            try files.grant(.added(right, worker), at: path)
        }
    }

    /// Pages that deployctl put into an instance's folder for nginx, or into the edge's.
    func open(pages place: String) throws(DeployError) {
        guard files.kind(of: place) != nil else { return }
        if let account = try site.account() { return try files.grant(.reading(account), at: place) }
        guard let worker = try site.worker() else { return }
        try files.grant(.added(.reading(dotFiles: false), worker), at: place)
    }

    /// The way to the sockets, also to those of what serves now.
    private func openToWorker() throws(DeployError) {
        guard let worker = try site.worker() else { return }
        let sockets = site.environment.runtime.sockets.map(layout.absolute)
        let tool = Layout.tool(layout.project)
        for folder in [tool, sockets, layout.root, layout.run, layout.edge].compactMap(\.self) {
            try add(.passage, for: worker, at: folder)
        }
        if let serving { try add(.passage, for: worker, at: serving) }
    }

    /// The folder of the instance that has the traffic; nil where none is there.
    private var serving: String? {
        files.linkTarget(layout.currentInstance).map(layout.instance)
            .flatMap { files.kind(of: $0) == .folder ? $0 : nil }
    }

    private func add(_ right: AddedRight, for worker: Account, at folder: String) throws(DeployError) {
        let parent = Path.parent(folder)
        if files.kind(of: parent) == nil { try add(.passage, for: worker, at: parent) }
        try files.makeFolder(folder)
        try files.grant(.added(right, worker), at: folder)
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

import FoundationEssentials

/// The folder a release is built in, which has one path for every environment.
///
/// What a build installs may name that path: the first line of a script, a virtual environment, an editable package.
/// Where something does, the folder stays, with the very bytes of the release and nobody's to write, for as long as
/// an environment keeps the release; otherwise it becomes the release's folder.
struct BuildPlace {
    let site: Site
    let release: Timestamp

    private var files: any FileStore { site.ports.files }
    private var tool: String { Layout.tool(site.layout.project) }
    private var folder: String { site.layout.build(release) }
    private var door: String { Path.parent(folder) }

    /// Whether the release names the folder, which is therefore there.
    var isKept: Bool { files.kind(of: folder) == .folder }

    /// An empty folder, which the environment's account gets to.
    func prepare() throws(DeployError) {
        try files.remove(door)
        try files.makeFolder(folder)
        guard let account = try site.account() else { return }
        try files.grant(.passageForAll, at: Path.parent(door))
        try files.grant(.passage(account), at: door)
    }

    /// Moves the release, or its exact copy where it names this place, into `marker`, an empty folder.
    ///
    /// - Returns: where it lies; while the marker is there, the next run removes what a crash leaves of both.
    func hand(_ manifest: Manifest, into marker: String) throws(DeployError) -> String {
        let own = "\(marker)/release"
        guard !site.environment.build.isEmpty, try isNamed(in: manifest) else {
            try files.rename(folder, to: own)
            try files.remove(door)
            return own
        }
        try files.copy(manifest, from: folder, to: own)
        if files.permissions(of: folder)?.mode == 0o755 { try files.grant(.readingForAll, at: own) }
        if let account = try site.account() {
            try files.grant(.reading(account), at: own)
            try files.grant(.readingForAll, at: folder)
        }
        try close()
        return own
    }

    /// Puts there what was built at this very path on another machine; safe to repeat.
    func bring(_ manifest: Manifest, from source: String) throws(DeployError) {
        if !isKept {
            let partial = "\(door)/partial"
            try files.remove(door)
            try files.copy(manifest, from: source, to: partial)
            try files.rename(partial, to: folder)
        }
        if let account = try site.account() {
            try files.grant(.passageForAll, at: Path.parent(door))
            try files.grant(.passage(account), at: door)
            try files.grant(.readingForAll, at: folder)
        }
        try close()
    }

    /// Lets the environment's account read what is kept there.
    func open() throws(DeployError) {
        guard isKept, let account = try site.account() else { return }
        try files.grant(.added(.passage, account), at: door)
    }

    /// Removes it, unless an environment has the release, or is about to.
    func leave() throws(DeployError) {
        let isUsed = files.names(in: tool).contains { environment in
            let own = "\(tool)/\(environment)/releases/\(release)"
            return files.kind(of: own) == .folder
                || environment != site.environment.name && files.kind(of: "\(own).partial") == .folder
        }
        if !isUsed { try files.remove(door) }
    }

    /// Nobody writes here, so that no environment finds what another one wrote.
    private func close() throws(DeployError) {
        for entry in try files.content(of: folder, hashing: false).entries.reversed() {
            if case .link = entry.kind { continue }
            try files.setMode(entry.mode & 0o555, ofListed: entry.path, beneath: folder)
        }
        let mode: UInt16 = site.environment.user == nil ? 0o500 : 0o555
        try files.setMode(mode, ofListed: Path.name(folder), beneath: door)
    }

    private func isNamed(in manifest: Manifest) throws(DeployError) -> Bool {
        for entry in manifest.entries {
            switch entry.content {
            case .link(let target): if target.holds(folder) { return true }
            case .file: if try names("\(folder)/\(entry.path)") { return true }
            }
        }
        return false
    }

    private func names(_ file: String) throws(DeployError) -> Bool {
        let wanted = Array(folder.utf8)
        let size = 1 << 20
        var offset: Int64 = 0
        while let data = try files.read(file, from: offset, limit: size), data.count >= wanted.count {
            if data.holds(wanted) { return true }
            guard data.count == size else { return false }
            offset += Int64(size - wanted.count)
        }
        return false
    }
}

extension Data {
    fileprivate func holds(_ wanted: [UInt8]) -> Bool {
        withUnsafeBytes { bytes in
            guard let first = wanted.first, bytes.count >= wanted.count else { return wanted.isEmpty }
            var place = 0
            while place <= bytes.count - wanted.count {
                if bytes[place] == first, bytes[place..<place + wanted.count].elementsEqual(wanted) {
                    return true
                }
                place += 1
            }
            return false
        }
    }
}

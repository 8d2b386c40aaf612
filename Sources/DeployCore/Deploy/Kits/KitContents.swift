import FoundationEssentials

/// Gathers what goes into a kit, each piece compared with what is on record of it.
struct KitContents {
    let deployer: Deployer
    /// A folder that is not there yet; absolute.
    let folder: String

    private var workspace: Workspace { deployer.workspace }
    private var ports: Ports { deployer.ports }
    private var files: any FileStore { ports.files }
    private var tool: String { Layout.tool(workspace.project) }

    func gather(
        _ environments: [Environment], named name: Timestamp, withSecrets: Bool
    ) throws(DeployError) -> KitManifest {
        var manifest = KitManifest(
            name: name, project: environments.first?.project ?? "", createdAt: ports.clock.now(),
            environments: [], secrets: [], holdsSecrets: withSecrets, content: "")
        try files.makeFolder(folder)
        try copyDefinitions()
        for environment in environments {
            if let place = try gather(environment.name) { manifest.environments.append(place) }
            let states = try Secrets(deployer, environment: environment.name).all()
            manifest.secrets += states.filter { $0.standing != .unused }.map {
                .init(environment: environment.name, name: $0.name, fingerprint: $0.fingerprint)
            }
            if withSecrets { try copySecrets(of: environment) }
        }
        // The log before the state: what is added meanwhile is in the state, and the log may lack that.
        for name in KitPath.records { try copy("\(tool)/\(name)", as: "\(KitPath.tool)/\(name)") }
        try ports.state.keepCopy()
        try copy(Layout.safeCopy(workspace.project), as: KitPath.state)
        manifest.gaps = gaps(of: environments, withSecrets)
        manifest.content = try KitFile.content(of: folder, files).digest
        try files.publish(try JSON.data(manifest), to: "\(folder)/\(KitManifest.fileName)")
        return manifest
    }

    /// What the project needs and a kit does not hold, in words.
    private func gaps(of environments: [Environment], _ withSecrets: Bool) -> [String] {
        environments.flatMap { environment in
            var gaps = [environment.serviceRuntime.missingFromKit(of: environment)].compactMap(\.self)
            let left = environment.sharedFolders.filter { !environment.backup.folders.contains($0) }
            if !left.isEmpty {
                gaps.append(
                    "\(environment.name)'s shared folders (\(left.joined(separator: ", "))) are not in the kit: "
                        + "\"backup.include\" does not name them")
            }
            let others = environment.secretFiles.filter { !isPacked($0) }
            if withSecrets, !others.isEmpty {
                gaps.append(
                    "\(environment.name)'s \(others.joined(separator: ", ")) are not in the kit: only values in files of the project are"
                )
            }
            return gaps
        }
    }

    /// All but what holds a secret or opens the kit, and no link, which would lead elsewhere on another machine.
    ///
    /// - Throws: `.gateRefused` for a link.
    private func copyDefinitions() throws(DeployError) {
        let place = deployer.definitions.folder
        guard files.kind(of: place) == .folder else { return }
        let secret = try identities {
            $0.secretFiles + [$0.backup.encryption?.identity].compactMap(\.self)
        }
        let all = try files.manifest(of: place, except: []).entries.filter {
            !isOne(of: secret, "\(place)/\($0.path)")
        }
        for entry in all {
            guard case .link = entry.content else { continue }
            throw DeployError(
                .gateRefused, what: "\(Shown.text("\(place)/\(entry.path)", limit: 4096)) is a link",
                why: "a kit holds definitions as files; where the link leads need not be on another machine",
                next: "put a file in its place, or move it out of that folder")
        }
        try files.copy(Manifest(entries: all), from: place, to: "\(folder)/\(KitPath.definitions)")
    }

    /// Which files these are, whatever they are called; those that are not there have none.
    private func identities(
        _ paths: (Environment) -> [String]
    ) throws(DeployError) -> Set<String> {
        let environments = try deployer.definitions.loadAll()
        return Set(
            environments.flatMap { environment in
                let layout = workspace.site(environment).layout
                return paths(environment).compactMap { files.identity(of: layout.absolute($0)) }
            })
    }

    private func isOne(of identities: Set<String>, _ path: String) -> Bool {
        files.identity(of: path).map(identities.contains) ?? false
    }

    private func isPacked(_ path: String) -> Bool {
        TextRule.relativePath.accepts(path) && !path.begins(with: "\(KitPath.tool)/")
    }

    private func gather(_ name: String) throws(DeployError) -> KitManifest.Place? {
        guard let release = try deployer.collector.currentRelease(of: name) else { return nil }
        let deployed = try deployer.deployedDefinitions.load(name)
        let site = workspace.site(deployed)
        var place = KitManifest.Place(
            name: name, release: release.timestamp, digest: release.digest, backup: nil, serves: false)
        let facts = try deployer.collector.collect(deployed, starting: false)
        place.serves = facts.serving != nil
        try copyRelease(&place, at: site)
        try copy(site.layout.switches, as: KitPath.switches(name))
        guard facts.hasData, deployed.keepsData else { return place }
        let moved = try ports.state.releaseMoves(of: name, limit: 1).first?.timestamp
        let newest = try ports.state.backups(of: name).first { $0.verified != .no }
        guard let newest, let moved, newest.timestamp > moved, newest.release == release.timestamp else {
            throw DeployError(
                .backupFailed, what: "\(name) has no proved backup of what serves",
                why: "it was deployed to while the kit was made", next: "run it again")
        }
        let isProved = newest.verified == .restored
        _ = try BackupReader(site).prove(
            in: site.layout.backup(newest.timestamp), recorded: newest.sha256,
            verification: isProved ? .checksum : .restore)
        place.backup = newest.timestamp
        try copyAll(
            of: site.layout.backup(newest.timestamp), as: KitPath.backup(newest.timestamp, of: name))
        return place
    }

    /// What was built, and what the project's own commands made beside that.
    private func copyRelease(_ place: inout KitManifest.Place, at site: Site) throws(DeployError) {
        let (seal, layout, release) = (ReleaseSeal(site), site.layout, place.release)
        let sealed = try seal.verify(release, digest: place.digest)
        let made = Set(seal.made(in: release).map(\.path)), built = Set(sealed.entries)
        let all = try files.manifest(of: layout.release(release), except: [])
        let wanted = all.entries.filter { built.contains($0) || made.contains($0.listed) }
        try files.copy(
            Manifest(entries: wanted), from: layout.release(release),
            to: "\(folder)/\(KitPath.release(place))")
        try copy(layout.releaseManifest(release), as: KitPath.sealed(place))
        try copy(layout.releaseAdditions(release), as: KitPath.made(place))
        guard BuildPlace(site: site, release: release).isKept else { return }
        place.builtAt = layout.build(release)
        let target = "\(folder)/\(KitPath.built(release))"
        guard files.kind(of: target) == nil else { return }
        try files.copy(sealed, from: layout.build(release), to: target)
    }

    /// Values in files of the project, and what the https port is served with; never what opens the kit.
    private func copySecrets(of environment: Environment) throws(DeployError) {
        let layout = workspace.site(environment).layout
        let paths = environment.secretFiles + [environment.tls?.certificate].compactMap(\.self)
        let keys = try identities { [$0.backup.encryption?.identity].compactMap(\.self) }
        for path in paths where isPacked(path) {
            let place = layout.absolute(path)
            guard !isOne(of: keys, place) else { continue }
            try copy(place, as: "\(KitPath.secrets)/\(path)")
        }
        try copyAll(of: layout.certificates.folder, as: KitPath.certificate(environment.name))
    }

    private func copy(_ source: String, as name: String) throws(DeployError) {
        let target = "\(folder)/\(name)"
        guard files.kind(of: source) == .file, files.kind(of: target) == nil else { return }
        try files.makeFolder(Path.parent(target))
        try files.copy(source, to: target, atMost: .max)
    }

    private func copyAll(of source: String, as name: String) throws(DeployError) {
        guard files.kind(of: source) == .folder else { return }
        try files.copy(
            try files.manifest(of: source, except: []), from: source, to: "\(folder)/\(name)")
    }
}

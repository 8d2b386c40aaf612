/// Whether what a kit says of itself is what it holds: judged before anything of it is put anywhere.
struct KitExamination {
    let kit: OpenedKit
    let ports: Ports
    /// The state in the kit.
    let state: any StateStore

    private var manifest: KitManifest { kit.manifest }
    private var written: DefinitionLoader {
        DefinitionLoader(files: kit.files, folder: "\(kit.folder)/\(KitPath.definitions)")
    }

    /// The definition each environment goes by, by name.
    ///
    /// - Throws: `.backupFailed` with what does not fit, `.invalidDefinition` for definitions that this version cannot read.
    func carryOut() throws(DeployError) -> [String: Environment] {
        try refuseLinks()
        try refuseOddNames()
        var found: [String: Environment] = [:]
        for place in manifest.environments {
            let environment = try written.load(place.name)
            guard environment.project == manifest.project else {
                throw kit.damaged("its definitions are of \(Shown.text(environment.project))")
            }
            found[place.name] = try known(place) ?? environment
            try refuseUnsealed(place)
        }
        return found
    }

    /// Only a release and a chain of certificates have links; everything else is read by its name.
    private func refuseLinks() throws(DeployError) {
        let parts = manifest.environments.flatMap {
            [KitPath.release($0), KitPath.built($0.release), KitPath.certificate($0.name)]
        }
        for entry in kit.content.entries {
            guard case .link = entry.content else { continue }
            guard parts.contains(where: { entry.path.begins(with: "\($0)/") }) else {
                throw kit.damaged("\(Shown.text(entry.path)) is a link")
            }
        }
    }

    private func refuseOddNames() throws(DeployError) {
        let names = manifest.environments.map(\.name)
        guard !names.isEmpty, names.allSatisfy(TextRule.name.accepts), Set(names).count == names.count else {
            throw kit.damaged("its environments have odd names")
        }
        for path in kit.names(below: KitPath.secrets) where !TextRule.relativePath.accepts(path) {
            throw kit.damaged("\(Shown.text(path)) is no path of a secret")
        }
    }

    /// What the state says of an environment, which has to be what the manifest says.
    private func known(_ place: KitManifest.Place) throws(DeployError) -> Environment? {
        guard kit.holds(KitPath.state) else { throw kit.damaged("there is no state in it") }
        do throws(DeployError) {
            if let loss = try state.loss() { throw loss }
            let release = try state.releaseMoves(of: place.name, limit: 1).first?.release
            guard release == place.release, try state.release(place.release)?.digest == place.digest else {
                throw kit.damaged("its state knows another release of \(place.name)")
            }
            if let backup = place.backup { try demand(backup, of: place) }
            return try state.lastDefinition(of: place.name)
        } catch {
            guard error.code != .backupFailed else { throw error }
            throw kit.damaged("its state cannot be used here: \(error.why)")
        }
    }

    private func demand(_ backup: Timestamp, of place: KitManifest.Place) throws(DeployError) {
        let path = "\(KitPath.backup(backup, of: place.name))/\(BackupManifest.fileName)"
        let entry = kit.content.entries.first { $0.path == path }
        guard let known = try state.backup(backup), known.environment == place.name,
            known.verified != .no, known.release == place.release,
            entry?.content == .file(sha256: known.sha256, executable: false)
        else { throw kit.damaged("backup \(backup) of \(place.name) is not the one that was proved") }
    }

    private func refuseUnsealed(_ place: KitManifest.Place) throws(DeployError) {
        let path = KitPath.sealed(place)
        guard kit.holds(path), let data = try kit.files.read("\(kit.folder)/\(path)"),
            let sealed = try? JSON.value(Manifest.self, from: data, named: path),
            sealed.digest == place.digest
        else { throw kit.damaged("release \(place.release) of \(place.name) is not sealed") }
        var parts = [KitPath.release(place)]
        if place.builtAt != nil { parts.append(KitPath.built(place.release)) }
        for part in parts where !Set(sealed.entries).isSubset(of: kit.part(part).entries) {
            throw kit.damaged("release \(place.release) of \(place.name) is not what was built")
        }
    }
}

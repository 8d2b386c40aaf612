/// Puts what is in an opened kit to where a project has it; safe to repeat, the state last.
struct KitPlacement {
    let workspace: Workspace
    /// Absolute: where the project's definitions lie.
    let definitions: String
    let kit: OpenedKit
    /// What each environment goes by.
    let environments: [String: Environment]

    private var files: any FileStore { workspace.ports.files }
    private var tool: String { Layout.tool(workspace.project) }

    private func layout(_ place: KitManifest.Place) -> Layout? {
        environments[place.name].map { workspace.site($0).layout }
    }

    /// - Throws: `.gateRefused` naming what is there with another content; nothing was changed then.
    func refuseOthers() throws(DeployError) {
        for path in kit.names(below: KitPath.definitions) {
            let there = "\(definitions)/\(path)"
            guard files.kind(of: there) != nil else { continue }
            guard try files.read(there) == files.read("\(kit.folder)/\(KitPath.definitions)/\(path)") else {
                throw Self.there(there)
            }
        }
        let own = DefinitionLoader(files: files, folder: definitions)
        for name in own.names() where (try? own.load(name))?.project != kit.manifest.project {
            throw Self.there("\(definitions)/\(name).json")
        }
        for place in kit.manifest.environments {
            guard let layout = layout(place) else { continue }
            try refuseMoved(place, layout)
            if !files.names(in: layout.run).isEmpty { throw Self.there(layout.run) }
            guard let backup = place.backup else { continue }
            let target = layout.backup(backup)
            let part = kit.part(KitPath.backup(backup, of: place.name))
            if files.kind(of: target) != nil, try files.manifest(of: target, except: []) != part {
                throw Self.there(target)
            }
        }
    }

    /// What a build wrote down of where it happened holds there alone.
    private func refuseMoved(_ place: KitManifest.Place, _ layout: Layout) throws(DeployError) {
        guard let built = place.builtAt, built != layout.build(place.release) else { return }
        let project = built.before("/\(KitPath.built(place.release))").map { String($0) } ?? built
        throw DeployError(
            .gateRefused, what: "Release \(place.release) runs where it was built alone",
            why: "files of it name \(Shown.text(built, limit: 4096)); nothing was changed",
            next: "adopt the kit in \(Shown.text(project, limit: 4096))")
    }

    static func there(_ path: String) -> DeployError {
        DeployError(
            .gateRefused, what: "Something is here already: \(Shown.text(path, limit: 4096))",
            why: "a kit is adopted where nothing is, so that nothing is lost; nothing was changed",
            next: "go to an empty folder, or to a fresh clone of the repository")
    }

    func carryOut() throws(DeployError) {
        for name in KitPath.records { try bring("\(KitPath.tool)/\(name)", to: "\(tool)/\(name)") }
        for path in kit.names(below: KitPath.definitions) {
            try bring("\(KitPath.definitions)/\(path)", to: "\(definitions)/\(path)")
        }
        for path in kit.names(below: KitPath.secrets) {
            try bring("\(KitPath.secrets)/\(path)", to: "\(workspace.project)/\(path)")
        }
        for place in kit.manifest.environments {
            if let layout = layout(place) { try bring(place, to: layout) }
        }
        try bring(KitPath.state, to: Layout.state(workspace.project))
    }

    /// - Throws: `.gateRefused` where somebody began another state while nothing served yet.
    func refuseOtherState() throws(DeployError) {
        for place in kit.manifest.environments {
            guard try workspace.ports.state.release(place.release)?.digest != place.digest else { continue }
            let state = Layout.state(workspace.project)
            throw DeployError(
                .gateRefused, what: "A state was begun here while the kit was adopted",
                why: "\(state) knows nothing of release \(place.release)",
                next: "rm \(ShellText.quoted(state)), then run this again")
        }
    }

    private func bring(_ place: KitManifest.Place, to layout: Layout) throws(DeployError) {
        if place.builtAt != nil {
            try BuildPlace(site: workspace.site(layout.environment), release: place.release)
                .bring(
                    kit.part(KitPath.built(place.release)),
                    from: "\(kit.folder)/\(KitPath.built(place.release))")
        }
        try bring(folder: KitPath.release(place), to: layout.release(place.release))
        try bring(KitPath.sealed(place), to: layout.releaseManifest(place.release))
        try bring(KitPath.made(place), to: layout.releaseAdditions(place.release))
        try bring(KitPath.switches(place.name), to: layout.switches)
        try bring(folder: KitPath.certificate(place.name), to: layout.certificates.folder)
        guard let backup = place.backup else { return }
        try IgnoredFolder(files: files, project: workspace.project).make(Path.parent(layout.backups))
        try bring(folder: KitPath.backup(backup, of: place.name), to: layout.backup(backup))
    }

    /// What is there already is what an earlier try brought, or the person's own, and stays.
    private func bring(_ path: String, to target: String) throws(DeployError) {
        guard kit.holds(path), files.kind(of: target) == nil else { return }
        try files.makeFolder(Path.parent(target))
        let partial = "\(target).partial"
        try files.remove(partial)
        try files.copy("\(kit.folder)/\(path)", to: partial, atMost: .max)
        try files.rename(partial, to: target)
    }

    private func bring(folder path: String, to target: String) throws(DeployError) {
        let part = kit.part(path)
        guard !part.entries.isEmpty, files.kind(of: target) == nil else { return }
        try files.makeFolder(Path.parent(target))
        let partial = "\(target).partial"
        try files.remove(partial)
        try files.copy(part, from: "\(kit.folder)/\(path)", to: partial)
        try files.rename(partial, to: target)
    }
}

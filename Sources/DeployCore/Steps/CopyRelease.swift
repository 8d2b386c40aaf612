import FoundationEssentials

/// Brings the very artefact another environment proved, file by file, digest by digest.
struct CopyRelease: StepWork {
    static let id = "copy-release"
    var release: Timestamp
    var digest: String
    /// The environment that proved it.
    var source: String

    var vouches: Bool { true }

    var title: String { "Copy release \(release) as \(source) runs it" }

    func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .check, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let note = try copy(in: context)
        try context.environment.serviceRuntime.check(release, in: context)
        return note
    }

    private func copy(in context: StepContext) throws(DeployError) -> String {
        let (files, layout) = (context.ports.files, context.layout)
        let seal = ReleaseSeal(context.site)
        if let manifest = try? seal.sealed(release), manifest.digest == digest {
            do throws(DeployError) {
                return "in place, \(try seal.settle(release, digest: digest))"
            } catch {
                guard error.code == .gateRefused else { throw error }
            }
        }
        var proving = context.environment
        proving.name = source
        let origin = context.site.workspace.site(proving)
        let partial = layout.releasePartial(release)
        try files.remove(partial)
        // From here on the other environment removes nothing of the release that both need.
        try files.makeFolder(partial)
        // Each file is compared with it while it is copied.
        let manifest = try ReleaseSeal(origin).attest(release, digest: digest)
        try files.copy(manifest, from: origin.layout.release(release), to: partial)
        try files.publish(JSON.data(manifest), to: layout.releaseManifest(release))
        try seal.recordNoAdditions(of: release)
        try files.remove(layout.release(release))
        try files.rename(partial, to: layout.release(release))
        try LinkedFiles(site: context.site).link(into: release, context.secrets)
        return "\(manifest.entries.count) files, \(digest.prefix(12))"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.ports.files.remove(context.layout.releasePartial(release))
        try BuildPlace(site: context.site, release: release).leave()
    }
}

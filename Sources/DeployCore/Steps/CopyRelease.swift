import FoundationEssentials

/// Brings the very artefact another environment proved, file by file, digest by digest.
public struct CopyRelease: StepWork {
    public static let id = "copy-release"
    public var release: Timestamp
    public var digest: String
    /// The environment that proved it.
    public var source: String

    public init(release: Timestamp, digest: String, source: String) {
        self.release = release
        self.digest = digest
        self.source = source
    }

    public var title: String { "Copy release \(release) as \(source) runs it" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let note = try copy(in: context)
        if context.environment.runtime.kind == .compose {
            try ImageStore(context: context).require(release, in: context.layout.release(release))
        }
        return note
    }

    private func copy(in context: StepContext) throws(DeployError) -> String {
        let (files, layout) = (context.ports.files, context.layout)
        if (try? ReleaseSeal(files: files, layout: layout).verify(release, digest: digest)) != nil {
            return "in place, \(digest.prefix(12))"
        }
        var proving = context.environment
        proving.name = source
        let origin = Layout(project: layout.project, environment: proving)
        let manifest = try ReleaseSeal(files: files, layout: origin).verify(release, digest: digest)
        let partial = "\(layout.release(release)).partial"
        try files.remove(partial)
        try files.makeFolder(layout.releases)
        try files.copy(manifest, from: origin.release(release), to: partial)
        try files.publish(JSON.data(manifest), to: layout.releaseManifest(release))
        try files.remove(layout.release(release))
        try files.rename(partial, to: layout.release(release))
        return "\(manifest.entries.count) files, \(digest.prefix(12))"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try context.ports.files.remove("\(context.layout.release(release)).partial")
    }
}

/// Compares a release folder with the manifest it was sealed with, and that with the recorded digest.
public struct ReleaseSeal: Sendable {
    let files: any FileStore
    let layout: Layout

    public init(files: any FileStore, layout: Layout) {
        self.files = files
        self.layout = layout
    }

    /// The manifest, when every sealed file is byte for byte what was built; files an application
    /// added later are not looked at.
    ///
    /// - Throws: `.notFound` when the release is gone, `.gateRefused` when it was changed.
    @discardableResult
    public func verify(_ release: Timestamp, digest: String) throws(DeployError) -> Manifest {
        let manifest = try sealed(release)
        guard manifest.digest == digest else {
            throw changed(release, "its manifest has digest \(manifest.digest), built was \(digest)")
        }
        let found = try files.manifest(of: layout.release(release), except: [])
        let present = Dictionary(found.entries.map { ($0.path, $0.content) }) { first, _ in first }
        for entry in manifest.entries where present[entry.path] != entry.content {
            let now = present[entry.path].map(Self.describe) ?? "missing"
            throw changed(release, "\(entry.path) is \(now), built was \(Self.describe(entry.content))")
        }
        return manifest
    }

    /// The manifest a release was sealed with, whatever its folder holds now.
    public func sealed(_ release: Timestamp) throws(DeployError) -> Manifest {
        guard files.kind(of: layout.release(release)) == .folder,
            let data = try files.read(layout.releaseManifest(release))
        else {
            throw DeployError(
                .notFound, what: "Release \(release) is not in \(layout.environment.name)",
                why: "there is no folder \(layout.release(release)) with its manifest",
                next: "deployctl history")
        }
        return try JSON.value(Manifest.self, from: data, named: layout.releaseManifest(release))
    }

    private func changed(_ release: Timestamp, _ why: String) -> DeployError {
        DeployError(
            .gateRefused, what: "Release \(release) in \(layout.environment.name) is not what was built",
            why: why,
            next: "deployctl staging")
    }

    private static func describe(_ content: Manifest.Entry.Content) -> String {
        switch content {
        case .file(let sha256, let executable): "\(executable ? "executable " : "")\(sha256.prefix(16))"
        case .link(let target): "a link to \(target)"
        }
    }
}

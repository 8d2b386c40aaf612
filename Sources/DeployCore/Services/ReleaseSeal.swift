/// Compares a release folder with the manifest it was sealed with, and that with the recorded digest.
struct ReleaseSeal: Sendable {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// The manifest, when every sealed file is byte for byte what was built; files an application
    /// added later are not looked at.
    ///
    /// - Throws: `.notFound` when the release is gone, `.gateRefused` when it was changed.
    @discardableResult
    func verify(_ release: Timestamp, digest: String) throws(DeployError) -> Manifest {
        let manifest = try sealed(release)
        guard manifest.digest == digest else {
            throw changed(release, "its manifest has digest \(manifest.digest), built was \(digest)")
        }
        let found = try files.manifest(of: layout.release(release), except: [])
        let present = Dictionary(found.entries.map { (ByteText($0.path), $0) }) { first, _ in first }
        for entry in manifest.entries {
            let one = present[ByteText(entry.path)]
            guard one?.line != entry.line else { continue }
            let now = one.map { Self.describe($0.content) } ?? "missing"
            throw changed(release, "\(entry.path) is \(now), built was \(Self.describe(entry.content))")
        }
        return manifest
    }

    /// The manifest a release was sealed with, whatever its folder holds now.
    func sealed(_ release: Timestamp) throws(DeployError) -> Manifest {
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

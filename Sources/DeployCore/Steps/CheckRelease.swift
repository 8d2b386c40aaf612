/// Makes sure that a release kept from earlier is still what was built.
public struct CheckRelease: StepWork {
    public static let id = "check-release"
    public var release: Timestamp
    public var digest: String

    public init(release: Timestamp, digest: String) {
        self.release = release
        self.digest = digest
    }

    public var title: String { "Check release \(release) on disk" }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let manifest = try ReleaseSeal(files: context.ports.files, layout: context.layout)
            .verify(release, digest: digest)
        if context.environment.runtime.kind == .compose {
            try ImageStore(context: context).require(release, in: context.layout.release(release))
        }
        return "\(manifest.entries.count) files, \(digest.prefix(12))"
    }
}

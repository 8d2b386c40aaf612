/// Makes sure that a release kept from earlier is still what was built.
struct CheckRelease: StepWork {
    static let id = "check-release"
    var release: Timestamp
    var digest: String

    var title: String { "Check release \(release) on disk" }

    func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .check, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let manifest = try sealed(in: context)
        try context.environment.serviceRuntime.check(release, in: context)
        return "\(manifest.entries.count) files, \(digest.prefix(12))"
    }

    /// A release that is gone back to is not built again.
    private func sealed(in context: StepContext) throws(DeployError) -> Manifest {
        do throws(DeployError) {
            return try ReleaseSeal(context.site)
                .verify(release, digest: digest)
        } catch {
            guard context.plan.kind == .rollback else { throw error }
            throw error.recast(as: error.code, next: context.wayOutOfSickness)
        }
    }
}

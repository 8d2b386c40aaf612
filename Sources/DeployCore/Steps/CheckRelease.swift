/// Makes sure that a release kept from earlier is still what was built.
struct CheckRelease: StepWork {
    static let id = "check-release"
    var release: Timestamp
    var digest: String

    var vouches: Bool { true }

    var title: String { "Check release \(release) on disk" }

    func programs(in layout: Layout) -> [ProgramCall] {
        layout.environment.serviceRuntime.programs(for: .check, in: layout)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let note = try settled(in: context)
        try context.environment.serviceRuntime.check(release, in: context)
        try LinkedFiles(site: context.site).link(into: release, context.secrets)
        return note
    }

    /// A release that is gone back to is not built again.
    private func settled(in context: StepContext) throws(DeployError) -> String {
        do throws(DeployError) {
            return try ReleaseSeal(context.site).settle(release, digest: digest)
        } catch {
            switch context.plan.kind {
            case .rollback: throw error.recast(as: error.code, next: context.wayOutOfSickness)
            case .start, .restart:
                throw error.recast(as: error.code, next: "put it back as it was, or deploy another release")
            default: throw error
            }
        }
    }
}

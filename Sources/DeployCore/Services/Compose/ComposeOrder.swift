/// What app services wait for before they start; pure.
struct ComposeOrder {
    let unit: ComposeUnit

    /// - Throws: `.invalidDefinition` naming a job that has to have run, and that nobody would run.
    func check() throws(DeployError) {
        let known = Set((unit.environment.appServices + unit.environment.dataServices).map(\.name))
        for service in unit.environment.appServices.map(\.name) {
            let all = try unit.file.required(service)["depends_on"]?.members ?? [:]
            for (job, how) in all.sorted(by: { $0.key < $1.key }) {
                guard how["condition"]?.text == "service_completed_successfully",
                    how["required"] != .bool(false), !known.contains(job)
                else { continue }
                throw unit.file.refusal(
                    "services.\(service).depends_on",
                    "\(Shown.text(job)) is to have run before, and is no service of the definition",
                    next:
                        "name what it does in \"release\" of environments/\(unit.environment.name).json, which runs in the first app service's image; then remove it there"
                )
            }
        }
    }
}

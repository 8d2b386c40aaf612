/// What app services wait for before they start; pure.
struct ComposeOrder {
    let unit: ComposeUnit

    /// - Throws: `.invalidDefinition` naming a job that has to have run, and that nobody would run.
    func check() throws(DeployError) {
        let environment = unit.environment
        let services = environment.appServices + environment.jobs
        for service in services.map(\.name) {
            let all = try unit.file.required(service)["depends_on"]?.members ?? [:]
            for (job, how) in all.sorted(by: { $0.key < $1.key }) {
                guard how["condition"]?.text == "service_completed_successfully",
                    how["required"] != .bool(false), environment.service(job)?.role != .job
                else { continue }
                throw unit.file.refusal(
                    "services.\(service).depends_on",
                    "\(Shown.text(job)) is to have run before, and is no job of the definition",
                    next:
                        "add \"\(Shown.text(job))\": {\"role\": \"job\"} to \"services\" of environments/\(environment.name).json"
                )
            }
        }
        try checkSequence()
    }

    /// Jobs run in the order of the definition, one after the other.
    private func checkSequence() throws(DeployError) {
        let jobs = unit.environment.jobs.map(\.name)
        for (index, job) in jobs.enumerated() {
            let awaited = try unit.file.required(job)["depends_on"]?.members ?? [:]
            guard let later = jobs[index...].first(where: { awaited[$0] != nil }) else { continue }
            throw unit.file.refusal(
                "services.\(job).depends_on", "\(later) runs later, as the definition names it after \(job)",
                next: "name \(later) before \(job) in environments/\(unit.environment.name).json")
        }
    }
}

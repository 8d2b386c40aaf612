import DeployCore

/// Brings machines back to the code that they served; data stays, because others wrote it meanwhile.
struct FleetReturn {
    let context: CommandContext
    let call: FleetCall
    let environment: String
    /// Kept on record there.
    let reason: String

    private struct Told: Decodable {
        let planID: String
        enum CodingKeys: String, CodingKey { case planID = "plan_id" }
    }

    /// One sentence for each that is not as it was.
    func takeBack(_ machines: [FarAddress], to before: [FarAddress: FleetLook.Place]) -> [String] {
        machines.compactMap { machine in
            do throws(DeployError) {
                try takeBack(machine, to: before[machine]?.release)
                return nil
            } catch { return "\(machine.text): \(error.what): \(error.why)" }
        }
    }

    private func takeBack(_ machine: FarAddress, to release: String?) throws(DeployError) {
        guard try serving(machine) != release else { return }
        context.say("\n\(InertText.line(machine.text)) goes back\n")
        guard let release else {
            try demand(call.ask(["stop", environment], of: [machine])[0])
            return
        }
        let words = ["rollback", "--environment=\(environment)", "--code-only", "--reason=\(reason)"]
        let plan = call.ask(["plan"] + words + ["--", release], of: [machine])[0]
        try demand(plan)
        let consent = plan.read(Told.self).map { ["--confirm=\($0.planID)"] } ?? []
        try demand(call.ask(words + consent + ["--", release], of: [machine])[0])
        let now = try serving(machine)
        guard now == release else {
            throw DeployError(
                .needsPerson, what: "It does not serve \(release)", why: "it serves \(now ?? "nothing")",
                next: "deployctl status --host \(machine.text)")
        }
    }

    private func serving(_ machine: FarAddress) throws(DeployError) -> String? {
        try FleetLook(call: call).places(environment, on: [machine])[machine]?.release
    }

    private func demand(_ answer: FleetAnswer) throws(DeployError) {
        guard answer.exit != 0 else { return }
        throw answer.failure
            ?? DeployError(
                .stepFailed, what: "It ended with \(answer.exit)", why: "it said nothing of it",
                next: "deployctl status --host \(answer.host)")
    }
}

/// Shows visitors of some machines a page while the data of all goes back.
struct FleetVisitors {
    let call: FleetCall
    let environment: String

    /// - Throws: where one of them goes on to show the application; the others show it again.
    func sendAway(from machines: [FarAddress]) throws(DeployError) {
        for answer in call.ask(["maintenance", "on", environment], of: machines) where answer.exit != 0 {
            _ = call.ask(["maintenance", "off", environment], of: machines)
            throw answer.failure ?? silent(answer)
        }
    }

    /// - Throws: where one of them still shows the page.
    func letIn(to machines: [FarAddress]) throws(DeployError) {
        for answer in call.ask(["maintenance", "off", environment], of: machines) where answer.exit != 0 {
            throw answer.failure ?? silent(answer)
        }
    }

    private func silent(_ answer: FleetAnswer) -> DeployError {
        DeployError(
            .stepFailed, what: "\(answer.host) did not say whether visitors see a page",
            why: "it gave no answer",
            next: "deployctl status \(environment) --host \(answer.host)")
    }
}

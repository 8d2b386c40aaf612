import DeployCore

/// A deployment, promotion or rollback of several machines: all serve the same commit afterwards, or what they served before.
struct FleetChange {
    let context: CommandContext
    let call: FleetCall
    let fleet: Fleet

    private var look: FleetLook { FleetLook(call: call) }
    private var plans: FleetPlans { FleetPlans(context: context, call: call) }

    /// What one machine made of its part.
    private struct Outcome {
        let machine: FarAddress
        let code: Int32
        /// nil where it took what it was to take.
        let obstacle: String?
    }

    func run() throws(DeployError) -> Int32 {
        let navigator = FleetNavigator(context: context, call: call, fleet: fleet)
        let before = try look.places(navigator.environment, on: fleet.machines)
        let course = try plans.made(for: try navigator.course())
        guard course.moves.contains(where: \.isNeeded) else { return try tell(course, []) }
        try plans.confirm(course)
        let others = course.movesData ? fleet.others : []
        // Where data went back, the code of all has to follow it.
        if course.movesData { context.ports.interruption.shield() }
        try FleetVisitors(call: call, environment: course.environment).sendAway(from: others)
        var answers: [FleetAnswer] = []
        for group in fleet.groups {
            let outcomes = carryOut(course.moves(of: group), course, &answers)
            guard
                let failed = outcomes.first(where: { $0.obstacle != nil })
                    ?? interrupted(outcomes.last, group)
            else { continue }
            throw settle(failed, course, before, others)
        }
        try FleetVisitors(call: call, environment: course.environment).letIn(to: others)
        return try tell(course, answers)
    }

    /// What was asked to end has not begun on the others.
    private func interrupted(_ last: Outcome?, _ group: [FarAddress]) -> Outcome? {
        guard let code = context.ports.interruption.requested(),
            group.last != fleet.machines.last
        else {
            return nil
        }
        let machine = last?.machine ?? group.last ?? fleet.first
        return Outcome(
            machine: machine, code: code.rawValue, obstacle: "it was interrupted before the next one")
    }

    /// At once where it is more than one.
    private func carryOut(
        _ moves: [FleetCourse.Move], _ course: FleetCourse, _ answers: inout [FleetAnswer]
    ) -> [Outcome] {
        guard let first = moves.first else { return [] }
        let name = releaseName(course)
        let lines = moves.map { ($0.machine, Self.confirmed($0)) }
        say(moves.map(\.machine.text).joined(separator: ", "))
        if moves.count == 1, !context.wantsJSON {
            let code = call.lend(Self.confirmed(first), to: first.machine, release: name)
            return [outcome(first.machine, code, nil, course)]
        }
        let told = call.ask(lines, release: name)
        answers += told
        return told.map { outcome($0.machine, $0.exit, $0.failure, course) }
    }

    /// What the first calls the release that is built, so that the others call it so too.
    private func releaseName(_ course: FleetCourse) -> Timestamp? {
        guard context.invocation.verb.name == "staging" else { return nil }
        let place = try? look.places(course.environment, on: [fleet.first])[fleet.first]
        guard let place, place.commit == course.commit else { return nil }
        return place.release.flatMap { Timestamp(digits: $0) }
    }

    private static func confirmed(_ move: FleetCourse.Move) -> [String] {
        guard move.words.prefix(1) != ["staging"], let id = move.planID else { return move.words }
        return move.words.prefix { $0 != "--" } + ["--confirm=\(id)"] + move.words.drop { $0 != "--" }
    }

    /// By what it serves now, whatever the command said.
    private func outcome(_ machine: FarAddress, _ code: Int32, _ failure: DeployError?, _ course: FleetCourse)
        -> Outcome
    {
        guard code == 0 else {
            let why = failure.map { "\($0.what): \($0.why)" } ?? "it ended with \(code), and said why above"
            return Outcome(machine: machine, code: code, obstacle: why)
        }
        do throws(DeployError) {
            let place = try look.places(course.environment, on: [machine])[machine]
            guard let commit = course.commit, place?.commit != commit else {
                return Outcome(machine: machine, code: 0, obstacle: nil)
            }
            let serves = place?.commit.map { "commit \($0.prefix(12))" } ?? "nothing"
            return Outcome(
                machine: machine, code: ExitCode.stepFailed.rawValue, obstacle: "it serves \(serves)")
        } catch {
            return Outcome(
                machine: machine, code: error.code.rawValue, obstacle: "\(error.what): \(error.why)")
        }
    }

    /// Takes back what was done, and says what stands on which machine.
    private func settle(
        _ failed: Outcome, _ course: FleetCourse, _ before: [FarAddress: FleetLook.Place],
        _ away: [FarAddress]
    ) -> DeployError {
        context.ports.interruption.shield()
        let why = failed.obstacle ?? ""
        let code = ExitCode(rawValue: failed.code) ?? .stepFailed
        guard !course.movesData || failed.machine == fleet.first else {
            return DeployError(
                .needsPerson, what: "\(failed.machine.text) did not go back, and the data did",
                why: "\(why)\nvisitors of \(away.map(\.text).joined(separator: ", ")) see a page",
                next: "deployctl status \(course.environment)"
            ).happening(on: failed.machine.text)
        }
        var left = FleetReturn(
            context: context, call: call, environment: course.environment,
            reason: "\(failed.machine.text) did not take it"
        ).takeBack(fleet.machines.reversed(), to: before)
        do throws(DeployError) {
            try FleetVisitors(call: call, environment: course.environment).letIn(to: away)
        } catch { left.append("\(error.what): \(error.why)") }
        guard left.isEmpty else {
            return DeployError(
                .needsPerson,
                what: "\(failed.machine.text) did not take it, and not all machines are as they were",
                why: ([why] + left).joined(separator: "\n"), next: "deployctl status \(course.environment)"
            ).happening(on: failed.machine.text)
        }
        return DeployError(
            code == .done ? .stepFailed : code,
            what: "\(failed.machine.text) did not take it; all machines serve what they served before",
            why: why, next: "correct what it says, then the same command again"
        ).happening(on: failed.machine.text)
    }

    /// What all of them serve, as they say.
    private func tell(_ course: FleetCourse, _ answers: [FleetAnswer]) throws(DeployError) -> Int32 {
        let places = try look.places(course.environment, on: fleet.machines)
        try context.answer(FleetAnswers(machines: answers)) {
            var table = TextTable(indent: "  ")
            for machine in fleet.machines {
                guard let place = places[machine] else { continue }
                table.add([
                    machine.text, place.state,
                    place.release.map { "\($0) (\(place.commit?.prefix(8) ?? ""))" } ?? "",
                ])
            }
            return ([course.environment] + table.lines(width: context.style.width)).joined(separator: "\n")
                + "\n"
        }
        let isWell = places.values.allSatisfy { $0.state == "healthy" }
        return (isWell ? ExitCode.done : .unhealthy).rawValue
    }

    private func say(_ text: String) {
        context.say(
            "\n" + Wrap.hanging(InertText.line(text), after: "", width: context.errorStyle.width) + "\n")
    }
}

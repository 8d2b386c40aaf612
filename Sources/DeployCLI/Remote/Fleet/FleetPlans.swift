import DeployCore

/// Has every machine say what it would do, and asks about all of it once.
struct FleetPlans {
    let context: CommandContext
    let call: FleetCall

    private struct Told: Decodable {
        let planID, upToDate: String?
        let gates: [Gate]?

        struct Gate: Decodable { let id, verdict, measured, next: String }

        enum CodingKeys: String, CodingKey {
            case planID = "plan_id"
            case upToDate = "up_to_date"
            case gates
        }
    }

    /// The same course with the plans that were made; what is up to date has no move.
    ///
    /// - Throws: where one of them refuses; nothing was changed on any.
    func made(for course: FleetCourse) throws(DeployError) -> FleetCourse {
        var course = course
        let answers = call.ask(course.moves.map { ($0.machine, ["plan"] + $0.words) })
        for (index, answer) in answers.enumerated() {
            let told = answer.read(Told.self)
            if let told, answer.exit == ExitCode.gateRefused.rawValue { throw refusal(told, answer) }
            guard let told, answer.exit == 0 else { throw unplanned(answer) }
            course.moves[index].planID = told.planID
            course.moves[index].isNeeded = told.upToDate == nil
            if let sentence = told.upToDate { say("\(answer.host): \(sentence)") }
        }
        return course
    }

    private func refusal(_ told: Told, _ answer: FleetAnswer) -> DeployError {
        let refused = (told.gates ?? []).filter { $0.verdict == "refused" }
        return DeployError(
            .gateRefused, what: "A gate refuses on \(answer.host)",
            why: refused.map { "\($0.id): \($0.measured)" }.joined(separator: "\n")
                + "\nnothing was changed on any machine",
            next: refused.first?.next ?? "deployctl gates --host \(answer.host)")
    }

    private func unplanned(_ answer: FleetAnswer) -> DeployError {
        guard let failure = answer.failure else {
            return DeployError(
                .stepFailed, what: "\(answer.host) made no plan", why: "nothing was changed on any machine",
                next: "deployctl status --host \(answer.host)")
        }
        return DeployError(
            failure.code, what: failure.what, why: "\(failure.why)\nnothing was changed on any machine",
            next: failure.next
        ).happening(on: answer.host)
    }

    /// Asks on the terminal, or takes what `--confirm` carries.
    ///
    /// - Throws: `.notConfirmed`.
    func confirm(_ course: FleetCourse) throws(DeployError) {
        guard let rule = try context.definitions.load(course.environment).confirmation else { return }
        if let given = context.invocation.text("confirm") {
            guard ByteText(given) == ByteText(rule.phrase), rule.takesPhrase else {
                throw unconfirmed(
                    "--confirm does not carry what confirms it on several machines",
                    rule.takesPhrase ? "repeat with --confirm \(rule.phrase)" : "run it on a terminal")
            }
            return
        }
        guard context.ports.prompter.canAsk else {
            throw unconfirmed(
                "there is no terminal to confirm on",
                rule.takesPhrase ? "repeat with --confirm \(rule.phrase)" : "run it on a terminal")
        }
        show(course)
        let verb = context.invocation.verb.name == "rollback" ? "take back" : "deploy to"
        let answer = context.ports.prompter.ask(
            "Type \(rule.phrase) to \(verb) \(course.environment) on \(course.moves.count) machines: ")
        guard answer.map({ ByteText($0) == ByteText(rule.phrase) }) == true else {
            throw unconfirmed(
                answer.map { $0.isEmpty } ?? true
                    ? "there was no answer" : "\(rule.phrase) was expected, and something else typed",
                "run it again, and type \(rule.phrase)")
        }
    }

    /// The first machine's plan as it is on one machine; the others' by their names.
    private func show(_ course: FleetCourse) {
        guard let first = course.moves.first, !context.wantsJSON else { return }
        say(first.machine.text)
        _ = call.lend(["plan"] + first.words, to: first.machine)
        for move in course.moves.dropFirst() {
            say("\(move.machine.text): the same for code; plan \(move.planID ?? "of nothing")")
        }
    }

    private func unconfirmed(_ why: String, _ next: String) -> DeployError {
        DeployError(
            .notConfirmed, what: "Not confirmed", why: "\(why); nothing was changed on any machine",
            next: next)
    }

    private func say(_ text: String) {
        context.say(Wrap.hanging(InertText.line(text), after: "", width: context.errorStyle.width) + "\n")
    }
}

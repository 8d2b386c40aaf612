import DeployCore

/// A command that each of several machines runs by itself, one after the other.
struct FleetEach {
    let context: CommandContext
    let call: FleetCall
    let fleet: Fleet

    private var verb: Verb { context.invocation.verb }
    private var isLooking: Bool { verb.group == .look || context.invocation.looksOnly }
    /// Not every machine went back from the release that is cleared.
    private var mayBeMissing: Bool { verb.name == Verb.clear.name }

    /// The first exit code that says something went wrong.
    func run() throws(DeployError) -> Int32 {
        if context.wantsJSON || mayBeMissing { return try ask() }
        var codes: [Int32] = []
        for machine in fleet.machines {
            let gap = codes.isEmpty ? "" : "\n"
            context.streams.output.write("\(gap)\(context.style.bold(InertText.line(machine.text)))\n")
            codes.append(call.lend(call.typed(), to: machine))
            if codes.last != 0, !isLooking || context.ports.interruption.requested() != nil { break }
        }
        return codes.first { $0 != 0 } ?? 0
    }

    private func ask() throws(DeployError) -> Int32 {
        let answers = isLooking || mayBeMissing ? call.ask(call.typed(), of: fleet.machines) : inTurn()
        try context.answer(FleetAnswers(machines: answers)) {
            answers.map { "\(InertText.line($0.host)): \(InertText.line($0.failure?.what ?? "done"))\n" }
                .joined()
        }
        let missing = ExitCode.notFound.rawValue
        if mayBeMissing, answers.contains(where: { $0.exit == 0 }) {
            return answers.map(\.exit).first { $0 != 0 && $0 != missing } ?? 0
        }
        return answers.map(\.exit).first { $0 != 0 } ?? 0
    }

    private func inTurn() -> [FleetAnswer] {
        var answers: [FleetAnswer] = []
        for machine in fleet.machines where answers.allSatisfy({ $0.exit == 0 }) {
            answers += call.ask(call.typed(), of: [machine])
        }
        return answers
    }
}

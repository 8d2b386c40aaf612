/// The way of one step to other programs: open for those its plan prints, closed for all else.
///
/// This is what makes a printed plan complete. A call that is missing there fails the step before the program starts.
struct PlannedCommands: CommandRunner {
    let base: any CommandRunner
    let calls: [ProgramCall]

    func run(_ request: CommandRequest) -> CommandResult { refusal(request) ?? base.run(request) }

    func runTogether(_ requests: [CommandRequest]) -> [CommandResult] {
        let refusals = requests.map(refusal)
        return refusals.contains { $0 != nil }
            ? refusals.map { $0 ?? Self.unplanned } : base.runTogether(requests)
    }

    func runPiped(_ source: CommandRequest, into sink: CommandRequest) -> (CommandResult, CommandResult) {
        let refusals = (refusal(source), refusal(sink))
        return refusals.0 == nil && refusals.1 == nil
            ? base.runPiped(source, into: sink)
            : (refusals.0 ?? Self.unplanned, refusals.1 ?? Self.unplanned)
    }

    func has(_ program: String) -> Bool { base.has(program) }

    private func refusal(_ request: CommandRequest) -> CommandResult? {
        calls.contains { $0.fits(request.command) } ? nil : Self.unplanned
    }

    private static let unplanned = CommandResult(.notStarted("was not started: the plan does not print it"))
}

extension Ports {
    /// The same world for a step that starts these programs and no other.
    func starting(only calls: [ProgramCall]) -> Ports {
        var ports = self
        ports.commands = PlannedCommands(base: commands, calls: calls)
        return ports
    }
}

/// Independent commands that run together; none waits for another.
struct ProbeWave {
    private var sequences: [any CommandSequence] = []

    mutating func add(_ request: CommandRequest) -> Int {
        sequences.append(SingleCommand(request))
        return sequences.count - 1
    }

    mutating func add(_ check: CheckSequence) -> Int {
        sequences.append(check)
        return sequences.count - 1
    }

    /// Runs them all while `work` is done.
    mutating func run(_ commands: any CommandRunner, during work: () -> Void) {
        commands.runTogether(&sequences, during: work)
    }

    func result(_ index: Int?) -> CommandResult? {
        index.flatMap { (sequences[$0] as? SingleCommand)?.result }
    }

    func outcome(_ index: Int) -> CheckOutcome? { (sequences[index] as? CheckSequence)?.outcome }
}

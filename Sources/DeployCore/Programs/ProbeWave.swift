/// Questions to other programs, all asked at once; each is added with the closure that takes its answer.
struct ProbeWave {
    private var sequences: [any CommandSequence] = []
    private var readers: [(any CommandSequence) -> Void] = []

    /// Adds one command; `read` gets what became of it.
    mutating func ask(_ request: CommandRequest, _ read: @escaping (CommandResult) -> Void) {
        ask(SingleCommand(request)) { read($0.result) }
    }

    /// Adds commands that follow one another; `read` gets the sequence as it ended.
    mutating func ask<Sequence: CommandSequence>(
        _ sequence: Sequence, _ read: @escaping (Sequence) -> Void
    ) {
        sequences.append(sequence)
        readers.append { ended in if let ended = ended as? Sequence { read(ended) } }
    }

    /// Asks everything while `work` is done, then hands each answer over, in the order of asking.
    mutating func run<Value, Failure: Error>(
        on commands: any CommandRunner, during work: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        var done: Result<Value, Failure>?
        commands.runTogether(&sequences) { done = Result(catching: work) }
        for (sequence, read) in zip(sequences, readers) { read(sequence) }
        guard let done else { return try work() }
        return try done.get()
    }
}

/// One command whose result is read later.
private struct SingleCommand: CommandSequence {
    private let request: CommandRequest
    private(set) var result = CommandResult(.notStarted("it was not run"))

    init(_ request: CommandRequest) { self.request = request }

    mutating func next(after result: CommandResult?) -> CommandRequest? {
        guard let result else { return request }
        self.result = result
        return nil
    }
}

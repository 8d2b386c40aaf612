/// A question to git whose words depend on what it answered to others, asked one after the other beside whatever else is asked.
struct GitQuestion: CommandSequence {
    private let first: [Command]
    private let question: @Sendable ([CommandResult]) -> CommandRequest
    private var answers: [CommandResult] = []

    /// `question` gets the answers to `first`, in this order.
    init(after first: [Command], _ question: @escaping @Sendable ([CommandResult]) -> CommandRequest) {
        (self.first, self.question) = (first, question)
    }

    mutating func next(after result: CommandResult?) -> CommandRequest? {
        if let result { answers.append(result) }
        if answers.count < first.count { return GitCommands.request(first[answers.count]) }
        return answers.count == first.count ? question(answers) : nil
    }

    /// What git answered at last.
    var result: CommandResult { answers.last ?? CommandResult(.notStarted("it was not run")) }
}

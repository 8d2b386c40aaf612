import DeployCore

/// What a repository does not say: from flags, from a person at the terminal, else what is usual.
struct InitQuestions {
    let context: CommandContext
    let usual: OutsetAnswers

    private var line: Invocation { context.invocation }

    /// - Throws: `.usage` where nobody can be asked and `--yes` does not say that nobody has to be.
    func answers() throws(DeployError) -> OutsetAnswers {
        var answers = usual
        if let name = line.text("name") { answers.project = name }
        if let engine = line.text("engine") { answers.engine = OutsetAnswers.Engine(rawValue: engine) }
        if let port = line.count("port") {
            if answers.productionPort == port { answers.productionPort = answers.stagingPort }
            answers.stagingPort = port
        }
        if let branch = line.text("branch") { answers.branch = branch }
        if let host = line.text("host") { answers.host = host }
        guard !line.has("yes"), !line.globals.dryRun else { return answers }
        guard context.ports.prompter.canAsk, !context.wantsJSON else {
            throw .usage(
                "init has questions, and there is no terminal to ask on",
                why: "--yes takes what was found and what is usual", next: "deployctl init --yes")
        }
        return try asked(answers)
    }

    private func asked(_ usual: OutsetAnswers) throws(DeployError) -> OutsetAnswers {
        var answers = usual
        if line.text("name") == nil { answers.project = try ask("Project", usual.project) }
        if line.text("engine") == nil {
            let word = try ask("Database (sqlite, mysql, postgresql, none)", usual.engine?.rawValue ?? "none")
            answers.engine = OutsetAnswers.Engine(rawValue: word)
            guard answers.engine != nil || word == "none" else {
                throw mistaken(word, "no database deployctl knows")
            }
        }
        if line.text("port") == nil {
            answers.stagingPort = try port("Port of staging", usual.stagingPort)
            answers.productionPort = try port("Port of production", usual.productionPort)
        }
        if line.text("branch") == nil {
            answers.branch = try ask("Branch whose commits may go to production", usual.branch)
        }
        return answers
    }

    private func port(_ question: String, _ usual: Int) throws(DeployError) -> Int {
        let word = try ask(question, "\(usual)")
        guard let port = Int(word) else { throw mistaken(word, "no port") }
        return port
    }

    /// An empty answer is the usual one.
    private func ask(_ question: String, _ usual: String) throws(DeployError) -> String {
        guard let answer = context.ports.prompter.ask("\(question) [\(InertText.line(usual))]: ") else {
            throw DeployError(
                .notConfirmed, what: "Nobody answered", why: "the input ended at: \(question)",
                next: "deployctl init --yes")
        }
        let word = String(answer.trimmed)
        return word.isEmpty ? usual : word
    }

    private func mistaken(_ word: String, _ why: String) -> DeployError {
        .usage("'\(InertText.line(word))' cannot be used", why: "it is \(why)", next: "deployctl init")
    }
}

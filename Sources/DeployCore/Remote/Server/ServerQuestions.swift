import FoundationEssentials

/// What is asked of a machine over one connection, and what it answered.
///
/// The questions go to a plain `sh` over standard input: whatever shell the login has, nothing of it reads them.
struct ServerQuestions {
    let commands: any CommandRunner
    /// What ssh is told.
    let target: String

    struct Answer {
        let status: Int32
        let text: String
        var isYes: Bool { status == 0 }
    }

    private static let mark = "@@deployctl "
    private static let patience = Duration.seconds(90)

    /// Every question in order, with nothing to read for any of them.
    static func text(_ lines: [Command]) -> String {
        "LC_ALL=C; export LC_ALL\necho '\(mark)'\n"
            + lines.map { "\($0) </dev/null 2>&1\nended=$?; echo; echo '\(mark)'$ended\n" }.joined()
    }

    /// One answer a question; nil where some are missing.
    static func answers(_ output: String, of count: Int) -> [Answer]? {
        guard let begun = output.cut(at: mark) else { return nil }
        var (rest, found): (Substring, [Answer]) = (begun.after, [])
        while let next = String(rest).cut(at: "\n\(mark)") {
            let status = Int32(String(next.after.lines.first ?? "")) ?? -1
            found.append(Answer(status: status, text: String(next.before.trimmed)))
            rest = next.after
        }
        return found.count == count
            ? found.enumerated().map { index, answer in
                // The line of the mark before is no part of it.
                let text = index == 0 ? answer.text : answer.text.lines.dropFirst().joined(separator: "\n")
                return Answer(status: answer.status, text: text)
            } : nil
    }

    /// - Throws: `silence` of what ssh did where it did not get through, `.stepFailed` for a machine without a shell.
    func ask(_ lines: [Command], silence: (CommandResult) -> DeployError) throws(DeployError) -> [Answer] {
        var request = CommandRequest(SSHCommands.plain("sh", on: target), deadline: Self.patience)
        request.input = Data(Self.text(lines).utf8)
        let result = commands.run(request)
        if let answers = Self.answers(result.output, of: lines.count) { return answers }
        switch result.ending {
        case .exited(0), .exited(1...254):
            throw DeployError(
                .stepFailed, what: "\(target) does not answer as a machine with a shell",
                why: "ssh \(result.explanation); nothing was changed there", next: "ssh \(target) uname -a")
        default: throw silence(result)
        }
    }
}

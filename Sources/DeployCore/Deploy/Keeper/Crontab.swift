import FoundationEssentials

/// The user's table of cron, where systemd is not.
struct Crontab {
    let ports: Ports
    /// What cron starts with the machine, as a shell reads it.
    let line: String

    private var entry: String { "@reboot \(line.replacing("%", by: "\\%")) # deployctl boot install" }

    var isThere: Bool {
        if case .notStarted = ports.commands.run(list).ending { false } else { true }
    }

    var holdsLine: Bool { lines.contains(entry) }

    func add() throws(DeployError) {
        guard !holdsLine else { return }
        try write(lines + [entry])
    }

    func remove() throws(DeployError) {
        guard holdsLine else { return }
        try write(lines.filter { $0 != entry })
    }

    private var list: CommandRequest { CommandRequest(Command("crontab", ["-l"]), deadline: .seconds(10)) }

    /// Of a user without a table there are none.
    private var lines: [String] {
        let result = ports.commands.run(list)
        return result.succeeded ? result.output.lines.map(String.init) : []
    }

    private func write(_ lines: [String]) throws(DeployError) {
        var request = CommandRequest(Command("crontab", ["-"]), deadline: .seconds(10))
        request.input = Data(lines.map { $0 + "\n" }.joined().utf8)
        let result = ports.commands.run(request)
        guard result.succeeded, self.lines == lines else {
            throw DeployError(
                .stepFailed, what: "cron does not take the keeper", why: result.explanation,
                next: "add this line to the table of cron: \(entry)")
        }
    }
}

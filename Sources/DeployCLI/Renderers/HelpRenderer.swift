import DeployCore

/// The terminal view of the command table.
public struct HelpRenderer: Sendable {
    let table: CommandTable
    private let width = 80

    public init(table: CommandTable = .deployctl) { self.table = table }

    /// On one small screen: the commands of every day, and the names of the others.
    public func overview() -> String {
        let first = CommandTable.Group.deploy
        var text = "\(table.tool): \(table.summary)\n\n" + list(table.verbs.filter { $0.group == first })
        for group in CommandTable.Group.allCases where group != first {
            let names = firstWords(of: group).joined(separator: ", ")
            guard !names.isEmpty else { continue }
            let head = group.rawValue + String(repeating: " ", count: 9 - group.rawValue.utf8.count)
            text += "\n" + Wrap.hanging(names, after: head, width: width) + "\n"
        }
        return text + "\nMore: \(table.tool) help COMMAND, or one of "
            + Topic.allCases.map { "help \($0.rawValue)" }.joined(separator: ", ") + "\n"
    }

    private func firstWords(of group: CommandTable.Group) -> [String] {
        var found: [String] = []
        for verb in table.verbs where verb.group == group && !found.contains(verb.path[0]) {
            found.append(verb.path[0])
        }
        return found
    }

    /// What may be explained besides commands.
    private enum Topic: String, CaseIterable { case commands, flags, codes }

    private func page(_ topic: Topic) -> String {
        switch topic {
        case .commands:
            let groups = CommandTable.Group.allCases.map { group in
                "\n\(group.rawValue)\n" + list(table.verbs.filter { $0.group == group })
            }
            return "Usage: \(table.tool) COMMAND [OPERANDS] [FLAGS]\n" + groups.joined()
        case .flags: return "Flags of every command\n" + flags(table.globalFlags)
        case .codes: return "Exit codes\n" + exits(ExitCode.allCases)
        }
    }

    /// Help about one command or a group of them; `.usage` when no command begins with these words.
    public func page(for path: [String]) throws(DeployError) -> String {
        if path.isEmpty { return overview() }
        if let verb = table.verb(path) { return page(verb) }
        if path.count == 1, let topic = Topic(rawValue: path[0]) { return page(topic) }
        let below = table.verbs(below: path)
        if !below.isEmpty {
            let name = path.joined(separator: " ")
            return "Usage: \(table.tool) \(name) COMMAND\n\n" + list(below)
                + "\nMore about one command: deployctl help \(name) COMMAND\n"
        }
        // The parser's own words for an unknown command.
        _ = try ArgumentParser(table: table).parse(path)
        throw .usage(
            "there is no command '\(path.joined(separator: " "))'", why: "deployctl help lists the commands")
    }

    private func page(_ verb: Verb) -> String {
        var text = "\(table.tool) \(verb.name): \(verb.summary)\n\nUsage: \(verb.usage)\n\n"
        text += Wrap.lines(verb.paragraph, width: width).joined(separator: "\n") + "\n"
        for alias in verb.aliases {
            text += "\nAlso written: \(table.tool) \(alias.joined(separator: " "))\n"
        }
        if !verb.flags.isEmpty { text += "\nFlags\n" + flags(verb.flags) }
        text += "\nExamples\n" + verb.examples.map { "  \($0)\n" }.joined()
        let codes = Wrap.hanging(
            verb.exits.map { "\($0.rawValue)" }.joined(separator: ", "), after: "Exit codes: ", width: width)
        return text + "\n\(codes)\nMore: \(table.tool) help flags, \(table.tool) help codes\n"
    }

    private func list(_ verbs: [Verb]) -> String {
        rows(verbs.map { (([$0.name] + $0.operands.map(\.usage)).joined(separator: " "), $0.summary) })
    }

    private func flags(_ flags: some Sequence<Flag>) -> String {
        rows(flags.map { (name($0), $0.summary) })
    }

    private func name(_ flag: Flag) -> String { (flag.shorts.isEmpty ? "    " : "") + flag.usage }

    private func exits(_ codes: [ExitCode]) -> String { rows(codes.map { ("\($0.rawValue)", $0.meaning) }) }

    /// Two columns; a long left cell gets a line of its own.
    private func rows(_ rows: [(left: String, right: String)]) -> String {
        let column = min(rows.map(\.left.count).max() ?? 0, 30)
        let gap = String(repeating: " ", count: column + 4)
        return rows.map { row in
            let lines = Wrap.lines(row.right, width: width - gap.count)
            let body = lines.joined(separator: "\n" + gap)
            if row.left.count > column { return "  \(row.left)\n\(gap)\(body)\n" }
            return "  \(row.left)\(String(repeating: " ", count: column - row.left.count + 2))\(body)\n"
        }.joined()
    }
}

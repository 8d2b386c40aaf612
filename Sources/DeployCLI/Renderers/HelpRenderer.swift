import DeployCore

/// The terminal view of the command table.
public struct HelpRenderer: Sendable {
    let table: CommandTable
    private let width = 80

    public init(table: CommandTable = .deployctl) { self.table = table }

    /// Every command by group, the global flags and the exit codes.
    public func overview() -> String {
        var text = "\(table.tool): \(table.summary)\n\nUsage: \(table.tool) COMMAND [OPERANDS] [FLAGS]\n"
        for group in CommandTable.Group.allCases {
            text += "\n\(group.rawValue)\n" + list(table.verbs.filter { $0.group == group })
        }
        return text + "\nFlags of every command\n" + flags(table.globalFlags) + "\nExit codes\n"
            + exits(ExitCode.allCases) + "\nMore about one command: deployctl help COMMAND\n"
    }

    /// Help about one command or a group of them; `.usage` when no command begins with these words.
    public func page(for path: [String]) throws(DeployError) -> String {
        if path.isEmpty { return overview() }
        if let verb = table.verb(path) { return page(verb) }
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
        text += "\nFlags of every command\n" + flags(table.flags(of: verb).dropFirst(verb.flags.count))
        return text + "\nExit codes\n" + exits(verb.exits)
    }

    private func list(_ verbs: [Verb]) -> String {
        rows(verbs.map { (([$0.name] + $0.operands.map(\.usage)).joined(separator: " "), $0.summary) })
    }

    private func flags(_ flags: some Sequence<Flag>) -> String {
        rows(flags.map { (name($0), $0.note.isEmpty ? $0.summary : "\($0.summary) (\($0.note))") })
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

/// Breaks text at spaces.
enum Wrap {
    static func lines(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(at: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}

import DeployCore

/// The manual view of the command table, in man(7) so that GNU and BSD `man` read it.
public struct ManPageRenderer: Sendable {
    let table: CommandTable
    let date: String
    let version: String

    /// The date, as `2026-11-21`, is given so that the page is the same on every build.
    public init(table: CommandTable = .deployctl, date: String, version: String) {
        self.table = table
        self.date = date
        self.version = version
    }

    public func page() -> String {
        let parts = [
            ".TH \(table.tool.uppered) 1 \"\(date)\" \(quoted("\(table.tool) \(version)")) \(quoted("User Commands"))",
            ".SH NAME\n\(table.tool) \\-\n\(escaped(table.summary))",
            ".SH SYNOPSIS\n.B \(table.tool)\n.I COMMAND\n.RI [ OPERANDS ]\n.RI [ FLAGS ]",
            ".SH DESCRIPTION\n"
                + text(
                    "deployctl keeps two environments of one application, staging and production, often on one machine. "
                        + "It builds a commit into a release for staging, promotes to production only what staging has proved, "
                        + "backs up and proves the backup first, and takes code and data back as one."),
            ".SH COMMANDS",
        ]
        let groups = CommandTable.Group.allCases.map { group in
            ".SS \(group.rawValue)\n"
                + table.verbs.filter { $0.group == group }.map(command).joined(separator: "\n")
        }
        let rest = [
            ".SH OPTIONS\nEvery command understands these.\n" + flags(table.globalFlags),
            ".SH \"EXIT STATUS\"\n"
                + ExitCode.allCases.map { item("\($0.rawValue)", $0.meaning + ".") }.joined(separator: "\n"),
            ".SH ENVIRONMENT\n" + Self.variables.map { item($0.0, $0.1) }.joined(separator: "\n"),
            ".SH FILES\n" + Self.files.map { item($0.0, $0.1, font: "I") }.joined(separator: "\n"),
            ".SH \"SEE ALSO\"\n.BR git (1),\n.BR curl (1),\n.BR nginx (8)",
        ]
        return (parts + groups + rest).joined(separator: "\n") + "\n"
    }

    private func command(_ verb: Verb) -> String {
        let operands = verb.operands.map { " \\fI\(escaped($0.usage))\\fR" }.joined()
        let exits = verb.exits.map { "\($0.rawValue)" }.joined(separator: ", ")
        var lines = [".TP\n.B \(escaped(verb.name))\(operands)", text("\(verb.summary). \(verb.paragraph)")]
        for alias in verb.aliases {
            lines.append("Also written\n.BR \"\(escaped(alias.joined(separator: " ")))\" .")
        }
        if !verb.flags.isEmpty { lines.append(".RS\n\(flags(verb.flags))\n.RE") }
        lines.append(".IP\nExit status: \(exits).")
        for example in verb.examples { lines.append(".IP\n.B \(escaped(example))") }
        return lines.joined(separator: "\n")
    }

    private func flags(_ flags: [Flag]) -> String {
        flags.map { item($0.usage, $0.summary + ".") }.joined(separator: "\n")
    }

    private func item(_ term: String, _ meaning: String, font: String = "B") -> String {
        ".TP\n.\(font) \(quoted(term))\n\(text(meaning))"
    }

    private func text(_ words: String) -> String {
        Wrap.lines(words, width: 76).map { line in
            let safe = escaped(line)
            return safe.begins(with: ".") || safe.begins(with: "'") ? "\\&\(safe)" : safe
        }.joined(separator: "\n")
    }

    private func quoted(_ words: String) -> String { "\"\(escaped(words))\"" }

    private func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\e"
            case "-": "\\-"
            case "\"": "\\(dq"
            case "`": "\\(ga"
            case "'": "\\(aq"
            default: String(character)
            }
        }.joined()
    }

    private static let variables = [
        ("NO_COLOR", "Not empty: no colour."),
        ("CI", "Not empty: progress is one plain line per event."),
        ("TERM", "dumb: no colour and no live display."),
        ("LC_ALL, LC_CTYPE, LANG", "A locale that is not UTF-8 gets ASCII marks."),
        ("PATH", "Where git, curl, nginx and the database's clients are found."),
    ]

    private static let files = [
        ("environments/*.json", "Definitions, one per environment."),
        (".deployctl/state.db", "The state: releases, deployments, backups, plans and locks."),
        (".deployctl/ENV/releases/TS/", "A release on disk."),
        (".deployctl/ENV/current", "Points to the release that serves."),
        (".deployctl/ENV/shared/", "What outlives a release."),
        ("backups/ENV/TS/", "A complete backup with its manifest.json."),
        ("logs/ENV/", "What the services and the runs wrote."),
    ]
}

import DeployCore

extension Verb {
    private static let check = Flag(
        "check",
        "Build and start what listens of the newest commit once, beside everything, and remove it again")

    private static let client = Flag(
        "client",
        "Write a script deploy for machines where deployctl does not run: it needs git and ssh alone")

    static let initialise = Verb(
        "init", .setUp, summary: "Write the first definitions of the project at hand",
        paragraph: """
            Looks at the files of this folder, asks what they do not say, and writes environments/, lines of .gitignore and \
            secrets with random values. What is there already is never changed. With --check it writes nothing: it \
            proves that the newest commit builds, starts and answers. A --host is written down as the machine that serves; \
            with --client nothing but a script for that host is written.
            """,
        examples: ["deployctl init", "deployctl init --yes --engine postgresql --host deploy@shop.example"],
        flags: [
            Flag("yes", short: "y", "Ask nothing: take what was found and what is usual"),
            Flag("name", value: .text("NAME"), "The project's name; default: the folder's"),
            Flag(
                "engine", value: .choice(["sqlite", "mysql", "postgresql", "none"]),
                "The database's product; default: what the code speaks to"),
            Flag("port", value: .count("PORT"), "Where staging answers; production gets the next free one"),
            Flag("branch", value: .text("BRANCH"), "Whose commits may go to production; default: this one"),
            check, client.contradicting(check, because: "one writes a file and the other none"),
        ],
        dryRun: true, exits: .changing + [.gateRefused, .notConfirmed, .backupFailed], startsProject: true,
        body: .inProject(InitCommand.run))
}

/// `init`: the first definitions.
struct InitCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        struct File: Encodable, Sendable {
            let path: String
            /// null of a secret.
            @OrNull var text: String?
        }

        let kinds: [String]
        let given: [String]
        let variables: [String]
        let secrets: [String]
        let files: [File]
        let written: Bool
        let next: [String]
    }

    func run() throws(DeployError) -> ExitCode {
        if context.invocation.has("check") { return try InitCheck(context: context).run() }
        if context.invocation.has("client") { return try InitClient(context: context).run() }
        let outset = Outset(context.ports, project: context.project, definitions: context.definitionsFolder)
        let findings = try outset.look()
        let isTried = context.invocation.globals.dryRun
        if !isTried { context.say(found(findings)) }
        let answers = try InitQuestions(context: context, usual: findings.usual).answers()
        let files = try outset.files(findings, answers)
        if !isTried { try outset.write(files) }
        let next = outset.checklist(findings, answers)
        let answer = Answer(
            kinds: findings.kinds, given: findings.given, variables: findings.variables,
            secrets: findings.secrets,
            files: files.map { .init(path: $0.path, text: $0.isSecret ? nil : $0.text) }, written: !isTried,
            next: next)
        try context.answer(answer) {
            (isTried ? found(findings) + files.map(shown).joined() : files.map(written).joined())
                + checklist(next)
        }
        return .done
    }

    private func found(_ findings: Outset.Findings) -> String {
        var rows = [("found", findings.kinds)]
        rows += findings.services.map {
            ("service", ["\($0.name)\($0.command.isEmpty ? "" : ":")"] + $0.command)
        }
        .map { ($0.0, [$0.1.joined(separator: " ")]) }
        rows += [
            ("given", findings.given), ("variables", findings.variables), ("secrets", findings.secrets),
        ]
        return rows.filter { !$0.1.isEmpty }.map { name, words in
            let start = name + String(repeating: " ", count: 11 - name.utf8.count)
            return Wrap.hanging(
                InertText.line(words.joined(separator: ", ")), after: start, width: context.errorStyle.width)
                + "\n"
        }.joined()
    }

    private func written(_ file: Outset.File) -> String {
        InertText.line("\(file.adds ? "added to" : "wrote") \(file.path)") + "\n"
    }

    private func shown(_ file: Outset.File) -> String {
        let text = file.isSecret ? "(a random value, mode 0600)\n" : file.text
        return InertText.line("\(file.adds ? "would add to" : "would write") \(file.path)") + "\n"
            + text.lines.map { "    \(InertText.line(String($0)))\n" }.joined()
    }

    private func checklist(_ lines: [String]) -> String {
        "\nWhat is left:\n" + lines.map { "  \(InertText.line($0))\n" }.joined()
    }
}

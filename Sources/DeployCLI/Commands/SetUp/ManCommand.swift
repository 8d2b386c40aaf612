import DeployCore

extension Verb {
    static let man = Verb(
        "man", .setUp, summary: "Print the manual page",
        paragraph:
            "Prints the manual page as roff text, to be read with `man -l` or installed in section 1.",
        examples: ["deployctl man", "deployctl man --quiet"],
        body: .printing { cli, _ in
            ManPageRenderer(table: cli.table, date: "2026-11-21", version: CLI.version).page()
        })
}

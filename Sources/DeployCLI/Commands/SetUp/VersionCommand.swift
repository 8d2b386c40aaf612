import DeployCore

extension Verb {
    static let version = Verb(
        "version", .setUp, summary: "Print the version",
        paragraph:
            "Prints the version of deployctl; with --json that of the SQLite library it runs with too.",
        examples: ["deployctl version", "deployctl version --json"],
        body: .printing { cli, invocation throws(DeployError) in
            let answer = VersionAnswer(version: CLI.version, sqliteVersion: cli.sqliteVersion)
            return try invocation.globals.json ? JSONLine.text(answer) : "deployctl \(answer.version)\n"
        })
}

struct VersionAnswer: Encodable, Sendable {
    let version: String
    let sqliteVersion: String
}

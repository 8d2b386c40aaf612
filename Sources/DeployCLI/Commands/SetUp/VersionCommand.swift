import DeployCore

extension Verb {
    static let version = Verb(
        "version", .setUp, summary: "Print the version",
        paragraph: """
            Prints the version of deployctl, the commit it was built from and the newest schema of its state that it knows; \
            with --json the version of its SQLite library too.
            """,
        examples: ["deployctl version", "deployctl version --json"],
        body: .printing { cli, invocation throws(DeployError) in
            let answer = VersionAnswer(cli.build)
            return try invocation.globals.json ? JSONLine.text(answer) : "\(answer.sentence)\n"
        })
}

struct VersionAnswer: Encodable, Sendable {
    let version: String
    /// nil where the build was none of a commit.
    @OrNull var commit: String?
    /// Of the newest state that this program can use.
    let schema: Int
    let sqliteVersion: String

    init(_ build: Build) {
        (version, commit, schema, sqliteVersion) = (CLI.version, build.commit, build.schema, build.sqlite)
    }

    var sentence: String {
        let origin = commit.map { "commit \($0.prefix(12))" } ?? "a build of no commit"
        return "deployctl \(version), \(origin), schema \(schema)"
    }
}

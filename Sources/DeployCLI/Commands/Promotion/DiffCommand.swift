import DeployCore
import FoundationEssentials

extension Verb {
    static let diff = Verb(
        "diff", .look, summary: "Compare staging with production",
        paragraph:
            "Lists the commits, migrations, tables, columns, definition keys and linked files in which staging and production differ.",
        examples: ["deployctl diff", "deployctl diff --values", "deployctl diff --json"],
        flags: [Flag("values", "Show both values of each key, of secrets only where they are found")],
        exits: [.invalidDefinition, .notFound],
        body: .inProject(DiffCommand.run))
}

/// `diff`.
struct DiffCommand: ProjectCommand {
    let context: CommandContext

    struct Answer: Encodable, Sendable {
        let from: String
        let to: String
        @OrNull var fromRelease: String?
        @OrNull var toRelease: String?
        let commits: [String]
        let migrations: [String]
        /// null where the two cannot be compared.
        @OrNull var schema: SchemaAnswer?
        let definitionKeys: [String]
        /// Both values of each; empty unless they were asked for.
        let definitionValues: [ValueAnswer]
        /// Linked files that one of the two lacks, in words.
        let files: [String]
    }

    func run() throws(DeployError) -> ExitCode {
        let target = try context.definitions.load("production")
        let proposal = try context.deployer.production().described(target)
        let source = try context.definitions.load(target.promotion?.from ?? target.name)
        let answer = Answer(
            from: source.name, to: target.name, fromRelease: proposal.draft.release,
            toRelease: proposal.draft.facts.release.map { "\($0.timestamp)" }, commits: proposal.commits,
            migrations: proposal.pendingMigrations, schema: proposal.schema.map(SchemaAnswer.init),
            definitionKeys: try DefinitionDifference.keys(source, target),
            definitionValues: context.invocation.has("values")
                ? try DefinitionDifference.values(source, target).map(ValueAnswer.init) : [],
            files: LinkedFileGaps.between(source, target, context.ports.secrets))
        try context.answer(answer) { text(answer) }
        return .done
    }

    /// Keys in which two environments on one machine have to differ.
    private static let expected: Set = [
        "name", "purpose", "url", "ports", "logs", "backup.directory", "network", "files",
    ]

    /// Every value where they were asked for, otherwise keys in which nobody expects a difference.
    private func keys(_ answer: Answer) -> [String] {
        guard context.invocation.has("values") else {
            return answer.definitionKeys.filter { !Self.expected.contains($0) }
        }
        return answer.definitionValues.filter { $0.key != "name" }.map(\.line)
    }

    private func text(_ answer: Answer) -> String {
        func block(_ title: String, _ lines: [String]) -> [String] {
            [context.style.bold(title)]
                + (lines.isEmpty
                    ? ["  none"]
                    : lines.map { Wrap.hanging(InertText.line($0), after: "  ", width: context.style.width) })
        }
        let head =
            "\(answer.from) runs \(answer.fromRelease ?? "nothing"), \(answer.to) runs \(answer.toRelease ?? "nothing")"
        let lines =
            [head, ""] + block("Commits not in \(answer.to)", answer.commits)
            + block("Migrations not applied in \(answer.to)", answer.migrations)
            + block("Schema, from \(answer.to) to \(answer.from)", answer.schema?.lines ?? ["not compared"])
            + block("Definition keys that differ", keys(answer))
            + (answer.files.isEmpty ? [] : block("Linked files", answer.files))
        return lines.joined(separator: "\n") + "\n"
    }
}

/// One value that two definitions differ in.
struct ValueAnswer: Encodable, Sendable {
    let key: String
    @OrNull var from: String?
    @OrNull var to: String?

    init(_ value: DefinitionDifference.Value) {
        key = value.key
        (from, to) = (value.left, value.right)
    }

    /// As people read it.
    var line: String { "\(key): \(from ?? "none") → \(to ?? "none")" }
}

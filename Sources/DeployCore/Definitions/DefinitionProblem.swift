/// One thing wrong in a definition file: where, what, and what to write instead.
public struct DefinitionProblem: Error, Hashable, Sendable {
    /// At most so many are collected of one kind; who has more begins with these.
    static let limit = 200

    public var location: SourceLocation
    /// `services.backend.command[0]`; empty where no key is concerned.
    public var path: String
    public var what: String
    /// What to write instead.
    public var next: String

    init(at location: SourceLocation, path: String, what: String, next: String) {
        self.location = location
        self.path = path
        self.what = what
        self.next = next
    }

    public var file: String { location.file }
    public var line: Int { location.line }
    public var column: Int { location.column }

    /// The problem on one line, beginning with `file:line:`, which editors jump to.
    public var summary: String {
        "\(file):\(line): " + (path.isEmpty ? what : "\(path): \(what)")
    }
}

extension DeployError {
    /// One error for all problems of some definitions; nil when there are none.
    public init?(problems: [DefinitionProblem]) {
        guard let first = problems.first else { return nil }
        let others = problems.dropFirst()
        self.init(
            .invalidDefinition, what: first.summary,
            why: others.isEmpty
                ? "nothing else is wrong; no environment was touched"
                : zip(2..., others).map { "\($0). \($1.summary); \($1.next)" }.joined(separator: "\n"),
            next: "edit \(first.file), line \(first.line): \(first.next); then deployctl validate")
    }
}

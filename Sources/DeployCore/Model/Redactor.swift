/// Takes secret values out of text that came from other programs.
public struct Redactor: Sendable {
    private let values: [String]

    /// Values of less than four characters are left alone: they would blank ordinary words.
    public init(_ secrets: some Collection<String>) {
        values = secrets.flatMap { [$0] + $0.split(whereSeparator: \.isNewline).map(String.init) }
            .filter { $0.count >= 4 }.sorted { $0.count > $1.count }
    }

    /// The text with every secret replaced.
    public func scrub(_ text: String) -> String {
        values.reduce(text) { $0.replacing($1, with: "[redacted]") }
    }

    /// The failure with every secret replaced.
    public func scrub(_ error: DeployError) -> DeployError {
        DeployError(error.code, what: scrub(error.what), why: scrub(error.why), next: scrub(error.next))
    }
}

/// How progress is shown on standard error.
public enum ProgressMode: String, CaseIterable, Sendable {
    case auto, tty, plain, json, quiet

    /// `auto` decided: live on a person's terminal, plain lines in CI, pipes and files.
    public func resolved(for stream: OutputStreams.Stream, variables: [String: String]) -> ProgressMode {
        guard self == .auto else { return self }
        let attended = (variables["CI"] ?? "").isEmpty && variables["TERM"] != "dumb"
        return stream.isTerminal && attended ? .tty : .plain
    }
}

/// The marks of progress; ASCII where the locale is not UTF-8.
struct ProgressMarks: Sendable {
    let finished: String
    let failed: String
    let undone: String
    let cut: String
    let spinner: [String]

    static let unicode = ProgressMarks(
        finished: "✓", failed: "✗", undone: "↶", cut: "…",
        spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"])
    static let ascii = ProgressMarks(
        finished: "+", failed: "x", undone: "<", cut: "~", spinner: ["|", "/", "-", "\\"])

    static func suited(to variables: [String: String]) -> ProgressMarks {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { variables[$0] }
        let locale = (names.first { !$0.isEmpty } ?? "").lowered
        return locale.holds("utf-8") || locale.holds("utf8") ? .unicode : .ascii
    }
}

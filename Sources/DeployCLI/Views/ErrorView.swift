import DeployCore

/// A failure as a person or a program reads it on standard error.
public struct ErrorView: Sendable {
    let style: Style

    public init(style: Style = .plain) { self.style = style }

    /// What, on which machine, why and next, one line each; a cause of several lines is indented.
    public func text(_ error: DeployError) -> String {
        let head = "deployctl:"
        let what = Wrap.hanging(InertText.line(error.what), after: "\(head) ", width: style.width)
        var text = "\(style.bad(head))\(what.dropFirst(head.count))\n"
        let indent = String(repeating: " ", count: 9)
        let left = error.aftermath
        for (label, words) in [
            ("on:   ", error.machine ?? ""), ("why:  ", error.why), ("live: ", left?.serving ?? ""),
            ("log:  ", left?.log ?? ""),
            ("next: ", error.next),
        ] where !words.isEmpty {
            let lines = InertText.block(words).replacing("\t", by: "  ").lines
            let shown = lines.map { Wrap.hanging(String($0), after: indent, width: style.width) }
            text += "  \(style.bold(label)) \(shown.joined(separator: "\n").dropFirst(indent.count))\n"
        }
        return text
    }

    /// The JSON object for `--json`, with a line feed.
    public func json(_ error: DeployError) -> String {
        struct Answer: Encodable, Sendable { let error: Failure }
        do throws(DeployError) {
            return try JSONLine.text(Answer(error: Failure(error)))
        } catch {
            return text(error)
        }
    }
}

/// The error object of JSON answers and events.
struct Failure: Encodable, Sendable {
    let code: Int32
    let name: String
    let what: String
    let why: String
    let next: String
    /// What serves after a run that failed, and the run's log; left out where no run had begun.
    let serving: String?
    let log: String?
    /// The machine it happened on, as ssh knows it; left out for this one.
    let host: String?

    init(_ error: DeployError) {
        code = error.code.rawValue
        name = error.code.name
        what = error.what
        why = error.why
        next = error.next
        (serving, log) = (error.aftermath?.serving, error.aftermath?.log)
        host = error.machine
    }
}

/// What an address answered to a message, in the manner of its kind.
struct WebhookAnswer {
    let form: Environment.Route.Webhook.Form
    let answer: HTTPAnswer

    /// Answers that stay the same however often a message is sent.
    private static let final: Set<Int> = [400, 404, 410, 413, 422]
    /// Characters of what it says that are repeated.
    private static let longest = 120

    /// Why the message was not taken; nil where it was.
    var complaint: NoticeFailure? {
        guard (200..<300).contains(answer.status) else {
            let said = said.map { ": \($0)" } ?? ""
            return NoticeFailure(
                "the answer was \(answer.status)\(said)", isFinal: Self.final.contains(answer.status),
                pause: pause)
        }
        return lie.map { NoticeFailure($0, pause: pause) }
    }

    /// What says in an answer of success that there was none.
    private var lie: String? {
        if form == .slack {
            let said = text
            return said == "ok" || said.isEmpty
                ? nil : "the answer was 200 with \(Shown.text(said, limit: Self.longest))"
        }
        let members = members
        let said = said.map { ": \($0)" } ?? ""
        if members["ok"] == .flag(false) || members["success"] == .flag(false) {
            return "the answer was \(answer.status) and says that it failed\(said)"
        }
        for key in ["error", "errors", "errcode"] {
            guard let value = members[key] else { continue }
            let isEmpty = [.null, .text(""), .list([]), .flag(false), .number(0)].contains(value)
            if !isEmpty { return "the answer was \(answer.status) with \"\(key)\"\(said)" }
        }
        return nil
    }

    private var members: [String: JSONField] {
        if case .object(let members)? = answer.json { members } else { [:] }
    }

    private var text: String { String(String(decoding: answer.body, as: UTF8.self).trimmed) }

    /// Its own reason, where it names one as its kind does; what else it says may differ each time.
    private var said: String? {
        let members = members
        var words = ["errcode", "description", "message", "error"].compactMap { key -> String? in
            if case .text(let said)? = members[key] { said } else { nil }
        }
        if case .list(let errors)? = members["errors"] {
            words += errors.compactMap { if case .text(let said) = $0 { said } else { nil } }
        }
        if form == .slack, words.isEmpty { words = [text] }
        let reason = words.filter { !$0.isEmpty }.joined(separator: ", ")
        return reason.isEmpty ? nil : Shown.text(reason, limit: Self.longest)
    }

    /// As the header says, or the body of Telegram's and Matrix' answers.
    private var pause: Duration? {
        if let seconds = answer.headers["retry-after"].flatMap(Double.init) { return Self.pause(seconds) }
        let members = members
        if case .number(let thousandths)? = members["retry_after_ms"] {
            return Self.pause(Double(thousandths) / 1000)
        }
        guard case .object(let parameters)? = members["parameters"],
            case .number(let seconds)? = parameters["retry_after"]
        else { return nil }
        return Self.pause(Double(seconds))
    }

    private static func pause(_ seconds: Double) -> Duration? {
        (0...86_400).contains(seconds) ? .milliseconds(Int(seconds * 1000)) : nil
    }
}

extension WebhookForm {
    /// Why the message was not taken; nil where it was.
    func complaint(_ result: CommandResult) -> NoticeFailure? {
        guard let answer = HTTPAnswer(result) else { return NoticeFailure(result.explanation) }
        return WebhookAnswer(form: webhook.form, answer: answer).complaint
    }
}

import FoundationEssentials

/// What is said of one event, in the words of a person and in fields for programs.
struct Notice: Encodable, Sendable {
    /// The same whenever the message is sent again, and different for any other message.
    let id: String
    /// What `deployctl ack` takes.
    let number: Int64
    let project: String
    let environment: String
    let event: String
    let severity: String
    let subject: String
    /// RFC 3339, UTC.
    let time: String
    let title: String
    let text: String
    /// What to type next; empty where there is nothing to do.
    let next: String
    /// What PagerDuty and others know it by, until it is over.
    let incident: String
    /// Whether it comes so long after what it tells of that people must not take it for news.
    let isLate: Bool
    /// Whether somebody has to do something about it.
    let isTrouble: Bool

    /// In seconds.
    private static let promptness = 3600.0

    private enum CodingKeys: String, CodingKey {
        case id, number, project, environment, event, severity, subject, time, title, text, next, incident
        case isLate = "late"
        case version = "schema_version"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(1, forKey: .version)
        for (key, value) in [
            (CodingKeys.id, id), (.project, project), (.environment, environment), (.event, event),
            (.severity, severity), (.subject, subject), (.time, time), (.title, title), (.text, text),
            (.next, next), (.incident, incident),
        ] {
            try container.encode(value, forKey: key)
        }
        try container.encode(number, forKey: .number)
        try container.encode(isLate, forKey: .isLate)
    }

    /// `now`: when it is sent.
    init(_ delivery: Delivery, of project: String, at now: Date, run: Deployment?) {
        let event = delivery.event
        isLate = now.timeIntervalSince(event.at) > Self.promptness
        isTrouble = event.kind.isTrouble
        number = event.sequence
        (self.project, environment) = (project, event.environment)
        (self.event, severity) = (event.kind.rawValue, delivery.severity.rawValue)
        (subject, time) = (event.subject, UTC.rfc3339(event.at))
        id = String(
            SHA256.hexadecimal(
                of: [
                    project, event.environment, "\(event.sequence)", event.kind.rawValue,
                    "\(event.at.timeIntervalSince1970)", delivery.route,
                ].joined(separator: "\u{0}")
            ).prefix(32))
        let isOver = event.kind == .recovered
        let what = isOver ? event.subject : Self.lasting(event)
        incident = "\(project)/\(event.environment)/\(what)"
        let words =
            isOver
            ? "\(event.kind.words) after \(Event.Kind(rawValue: event.subject)?.pastWords ?? event.subject)"
            : event.kind.words
        let late = isLate ? "late, of \(time): " : ""
        title =
            "[\(severity)] \(late)\(project) \(event.environment): \(run.map { "\($0.kind.noun) \(event.subject): " } ?? "")\(words)"
        let error = event.detail.flatMap {
            try? JSONDecoder().decode(DeployError.self, from: Data($0.utf8))
        }
        let about = run.map { "by \($0.performer)\($0.release.map { ", release \($0)" } ?? "")" }
        let detail = isOver ? nil : error.map { "\($0.what): \($0.why)" } ?? event.detail
        let named = run == nil && !isOver && !event.subject.isEmpty ? event.subject : nil
        let answer =
            event.kind.isTrouble ? "deployctl ack \(event.sequence) says that you look after it" : nil
        text = [named, about, detail, answer].compactMap(\.self).map { $0.first(1500) }.joined(
            separator: "\n")
        next = error?.next ?? (event.kind.isTrouble ? "deployctl status \(event.environment)" : "")
    }

    /// A kind, and the subject where more than one of it may last at once.
    private static func lasting(_ event: Event) -> String {
        [.scheduleFailed].contains(event.kind)
            ? "\(event.kind.rawValue) \(event.subject)" : event.kind.rawValue
    }
}

extension String {
    /// At most so many characters of it.
    public func first(_ limit: Int) -> String {
        unicodeScalars.count <= limit ? self : String(unicodeScalars.prefix(limit)) + "…"
    }

    /// At most so many units of UTF-16, by which some count; no character is cut.
    func first(utf16 limit: Int) -> String {
        guard utf16.count > limit else { return self }
        var (kept, units) = (String.UnicodeScalarView(), 1)
        for scalar in unicodeScalars {
            units += UTF16.width(scalar)
            guard units <= limit else { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }
}

/// A flag, with or without a value.
public struct Flag: Sendable {
    public enum Value: Sendable, Equatable {
        case none
        case text(String)
        /// A whole number from 1.
        case count(String)
        /// Seconds, attached with `=` or left out.
        case optionalSeconds
        case choice([String])
        case environment
        case timestamp
        case folder(String)
    }

    /// Long names without dashes; the first is the key of its value.
    public let longs: [String]
    public let shorts: [Character]
    public let value: Value
    public let summary: String
    /// Why it has no short form here, for the help page.
    let note: String

    public init(
        _ long: String, short: Character? = nil, value: Value = .none, _ summary: String, note: String = ""
    ) {
        self.init(longs: [long], shorts: short.map { [$0] } ?? [], value: value, summary: summary, note: note)
    }

    init(longs: [String], shorts: [Character], value: Value, summary: String, note: String = "") {
        self.longs = longs
        self.shorts = shorts
        self.value = value
        self.summary = summary
        self.note = note
    }

    public var key: String { longs.first ?? "" }
    /// Whether it may be given more than once; the values are then joined by NUL.
    public private(set) var isRepeatable = false

    var repeatable: Flag {
        var flag = self
        flag.isRepeatable = true
        return flag
    }

    public var takesValue: Bool { value != .none && value != .optionalSeconds }

    func withoutShorts(_ taken: Set<Character>) -> Flag {
        let left = shorts.filter { !taken.contains($0) }
        guard left.count < shorts.count, let lost = shorts.first(where: taken.contains) else { return self }
        return Flag(
            longs: longs, shorts: left, value: value, summary: summary,
            note: "only the long form here: -\(lost) is a count")
    }

    /// Every way to write it, as `-e, --environment ENV`.
    public var usage: String {
        let names = shorts.map { "-\($0)" } + longs.map { "--\($0)" }
        return names.joined(separator: ", ") + (value == .optionalSeconds ? "[=SECONDS]" : placeholder)
    }

    var placeholder: String {
        switch value {
        case .none, .optionalSeconds: ""
        case .text(let name), .count(let name), .folder(let name): " \(name)"
        case .choice(let choices): " " + choices.joined(separator: "|")
        case .environment: " ENV"
        case .timestamp: " TS"
        }
    }
}

extension Flag {
    static let environment = Flag(
        longs: ["environment", "destination"], shorts: ["e", "d"], value: .environment,
        summary: "The environment meant, instead of the operand ENV")
    static let confirm = Flag(
        "confirm", value: .text("WORD"), "The answer to the confirmation, where no terminal can ask for it")

    static let rehearse = Flag(
        "rehearse",
        "With --dry-run: restore the backup to a scratch database, start the release on it, remove both")

    static let override = Flag(
        "override", value: .text("GATE"), "Go on against a gate; needs --reason; may be repeated"
    ).repeatable

    static let everywhere: [Flag] = [
        Flag(
            "project", short: "C", value: .folder("DIR"),
            "The project's folder; default: the nearest with environments/"),
        Flag(
            "environments", value: .folder("DIR"),
            "The folder of definitions, below the project; default: environments"),
        Flag("dry-run", short: "n", "Show the steps that would run and change nothing"),
        Flag("json", "Answer with one JSON object on standard output"),
        Flag("quiet", short: "q", "Show only warnings and errors"),
        Flag("verbose", short: "v", "Show every program that is run"),
        Flag("no-color", "Use no colour, as the environment variable NO_COLOR does"),
        Flag(
            "progress", value: .choice(["auto", "tty", "plain", "json", "quiet"]),
            "How to show progress on standard error"),
        Flag(
            "lock-wait", value: .optionalSeconds,
            "Wait for a held lock instead of refusing; without SECONDS, 900"),
        Flag("reason", value: .text("TEXT"), "Why, for the history"),
        Flag(
            "idempotency-key", value: .text("KEY"),
            "A repeat with the same key returns the first run's result"),
        Flag("help", short: "h", "Show help and do nothing else"),
        Flag("version", "Show the version and do nothing else"),
    ]
}

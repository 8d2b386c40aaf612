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
    /// Whether it may be given more than once; the values are then joined by NUL.
    public private(set) var isRepeatable = false
    /// What else a line with this flag has to say or must not say.
    private(set) var rules: [Rule] = []

    struct Rule: Sendable {
        /// As a refusal says it, as in `contradicts --quiet`.
        let demand: String
        let why: String
        let isKept: @Sendable (Invocation) -> Bool
    }

    init(_ long: String, short: Character? = nil, value: Value = .none, _ summary: String) {
        self.init(longs: [long], shorts: short.map { [$0] } ?? [], value: value, summary: summary)
    }

    init(longs: [String], shorts: [Character], value: Value, summary: String) {
        self.longs = longs
        self.shorts = shorts
        self.value = value
        self.summary = summary
    }

    public var key: String { longs.first ?? "" }

    var repeatable: Flag { changed { $0.isRepeatable = true } }

    func contradicting(_ other: Flag, because why: String) -> Flag {
        ruled("contradicts --\(other.key)", because: why) { !$0.has(other.key) }
    }

    func needing(_ other: Flag, because why: String) -> Flag {
        ruled("needs --\(other.key)", because: why) { $0.has(other.key) }
    }

    func ruled(
        _ demand: String, because why: String, _ isKept: @escaping @Sendable (Invocation) -> Bool
    ) -> Flag {
        changed { $0.rules.append(Rule(demand: demand, why: why, isKept: isKept)) }
    }

    private func changed(_ change: (inout Flag) -> Void) -> Flag {
        var flag = self
        change(&flag)
        return flag
    }

    public var takesValue: Bool { value != .none && value != .optionalSeconds }

    /// Each way to write it, without its value.
    var spellings: [String] { shorts.map { "-\($0)" } + longs.map { "--\($0)" } }

    /// Every way to write it, as `-e, --environment ENV`.
    public var usage: String {
        spellings.joined(separator: ", ") + (value == .optionalSeconds ? "[=SECONDS]" : placeholder)
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

/// What may stand at one place of a definition.
///
/// One value of this type describes a whole definition; the decoder's checks and the JSON Schema are
/// both read from it, so they cannot disagree.
indirect enum Shape: Sendable {
    case text(TextRule)
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case flag
    /// true, false, or a text that says more.
    case flagOrText(TextRule)
    /// Any JSON value.
    case anything
    /// One of some words; `later` are words of the contract this version cannot do yet.
    case choice([String], later: [String])
    case list(of: Shape, least: Int)
    /// A text, or a list of such texts that has at least one.
    case textOrList(TextRule)
    case map(keys: TextRule, values: Shape)
    case object([Key])
    /// An object in which exactly one of the keys is set.
    case exactlyOne([Key])
    /// A word, or an object with more detail.
    case wordOrObject(Shape, [Key])
    /// A list of arguments, or an object with more detail.
    case argumentsOrObject(Shape, [Key])
}

/// One key of an object.
struct Key: Sendable {
    var name: String
    var shape: Shape
    var summary: String
    var isRequired: Bool

    init(_ name: String, _ shape: Shape, _ summary: String, required: Bool = false) {
        self.name = name
        self.shape = shape
        self.summary = summary
        isRequired = required
    }
}

extension Shape {
    /// Completes "must be …".
    var expectation: String {
        switch self {
        case .text(let rule): rule.expectation
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range):
            "a number from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
        case .flag: "true or false"
        case .flagOrText(let rule): "true, false or \(rule.expectation)"
        case .anything: "any value"
        case .choice(let words, _): words.map { "\"\($0)\"" }.joined(separator: " or ")
        case .list: "a list"
        case .textOrList(let rule): "\(rule.expectation), or a list of them"
        case .map: "an object"
        case .object(let keys): "an object with \(Self.names(keys))"
        case .exactlyOne(let keys): "an object with one of \(Self.names(keys))"
        case .wordOrObject(let word, let keys): "\(word.expectation), or an object with \(Self.names(keys))"
        case .argumentsOrObject(_, let keys): "a list of arguments, or an object with \(Self.names(keys))"
        }
    }

    /// Whether a program and its arguments may stand there.
    var isWords: Bool {
        switch self {
        case .list(of: .text, _), .argumentsOrObject: true
        default: false
        }
    }

    /// A value that would be accepted, as it is written; `{…}` where it has parts.
    var example: String {
        switch self {
        case .text(let rule), .textOrList(let rule): "\"\(rule.example)\""
        case .choice(let words, _): "\"\(words.first ?? "")\""
        case .integer(let range): "\(range.lowerBound)"
        case .number: "0.5"
        case .flag, .flagOrText: "true"
        case .list, .argumentsOrObject: "[…]"
        default: "{…}"
        }
    }

    /// Without a fraction where there is none.
    static func plain(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }

    static func names(_ keys: [Key]) -> String { keys.map { "\"\($0.name)\"" }.joined(separator: ", ") }
}

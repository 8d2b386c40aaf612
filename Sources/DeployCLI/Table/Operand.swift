/// A word after the verb.
public struct Operand: Sendable {
    public enum Arity: Sendable { case required, optional, repeating }
    /// What the word is, for completion and for typed access.
    public enum Kind: String, CaseIterable, Sendable {
        case environment, timestamp, service, shell, command, item, event, secret, feature, share, host, file,
            program
    }

    public let kind: Kind
    public let arity: Arity

    static let environment = Operand(kind: .environment, arity: .required)
    static let timestamp = Operand(kind: .timestamp, arity: .required)
    static let service = Operand(kind: .service, arity: .required)
    static let shell = Operand(kind: .shell, arity: .required)
    static let command = Operand(kind: .command, arity: .required)
    static let item = Operand(kind: .item, arity: .required)
    static let event = Operand(kind: .event, arity: .required)
    static let secret = Operand(kind: .secret, arity: .required)
    static let feature = Operand(kind: .feature, arity: .required)
    static let share = Operand(kind: .share, arity: .required)
    static let host = Operand(kind: .host, arity: .required)
    static let file = Operand(kind: .file, arity: .required)
    static let program = Operand(kind: .program, arity: .required)

    var optional: Operand { Operand(kind: kind, arity: .optional) }
    /// Takes every word that is left.
    var repeating: Operand { Operand(kind: kind, arity: .repeating) }

    public var name: String {
        switch kind {
        case .environment: "ENV"
        case .timestamp: "TS"
        case .service: "SERVICE"
        case .shell: "SHELL"
        case .command: "COMMAND"
        case .item: "ITEM"
        case .event: "ID"
        case .secret, .feature: "NAME"
        case .share: "on|off|25%"
        case .host: "[USER@]HOST"
        case .file: "FILE"
        case .program: "PROGRAM"
        }
    }

    /// As usage lines show it: `ENV`, `[TS]`, `[COMMAND…]`.
    public var usage: String {
        switch arity {
        case .required: name
        case .optional: "[\(name)]"
        case .repeating: kind == .program ? "-- \(name)..." : "[\(name)...]"
        }
    }
}

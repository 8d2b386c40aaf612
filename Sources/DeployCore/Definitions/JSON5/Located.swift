/// A place in a definition file; lines and columns count from 1.
public struct SourceLocation: Hashable, Sendable {
    /// As the loader was given it, such as `environments/staging.json`.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in bytes.
    public var column: Int

    init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

/// A JSON value that remembers where it was written, also after `extends` merged two files.
struct Located: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        case null
        case flag(Bool)
        case integer(Int)
        case fraction(Double)
        case text(String)
        case list([Located])
        case object([Member])
    }

    struct Member: Hashable, Sendable {
        var key: String
        /// Where the key stands.
        var location: SourceLocation
        var value: Located
    }

    var content: Content
    var location: SourceLocation
}

extension Located {
    /// The member's value; nil when the key is absent or null, which mean the same: not set.
    subscript(key: String) -> Located? { member(key)?.value.unlessNull }

    /// The member as written, null included.
    func member(_ key: String) -> Member? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.key == key }
    }

    /// The members that are set.
    var members: [Member] {
        guard case .object(let members) = content else { return [] }
        return members.filter { $0.value.content != .null }
    }

    var items: [Located] {
        guard case .list(let items) = content else { return [] }
        return items
    }

    var text: String? {
        guard case .text(let text) = content else { return nil }
        return text
    }

    var integer: Int? {
        guard case .integer(let number) = content else { return nil }
        return number
    }

    var flag: Bool? {
        guard case .flag(let flag) = content else { return nil }
        return flag
    }

    /// The texts of a list; other items are left out.
    var texts: [String] { items.compactMap(\.text) }

    private var unlessNull: Located? { content == .null ? nil : self }
}

extension Located.Content {
    /// What a person calls this kind of value.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag(let flag): flag ? "true" : "false"
        case .integer: "a number"
        case .fraction: "a fraction"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

import FoundationEssentials

/// Any JSON value, as other programs print it.
enum JSONTree: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    subscript(key: String) -> JSONTree? {
        get { members[key] }
        set {
            var all = members
            all[key] = newValue
            self = .object(all)
        }
    }

    /// Empty for what is no object.
    var members: [String: JSONTree] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    /// Empty for what is no list.
    var items: [JSONTree] {
        guard case .list(let items) = self else { return [] }
        return items
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// A whole number, also when it is written as text.
    var integer: Int? {
        switch self {
        case .integer(let number): Int(exactly: number)
        case .text(let text): Int(text)
        default: nil
        }
    }

    static func texts(_ texts: [String: String]) -> JSONTree { .object(texts.mapValues(JSONTree.text)) }
}

extension JSONTree: Codable {
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? value.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let items = try? value.decode([JSONTree].self) {
            self = .list(items)
        } else {
            self = .object(try value.decode([String: JSONTree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let flag): try value.encode(flag)
        case .integer(let number): try value.encode(number)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let items): try value.encode(items)
        case .object(let members): try value.encode(members)
        }
    }
}

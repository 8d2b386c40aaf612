/// Any JSON value.
public enum JSONField: Hashable, Codable, Sendable {
    case object([String: JSONField])
    case list([JSONField])
    case text(String)
    case number(Double)
    case flag(Bool)
    case null

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONField].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONField].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }
}

extension JSONField {
    /// The value at `data.0.id`; nil when there is none.
    func value(at path: String) -> JSONField? {
        var here = self
        for part in path.split(at: ".") {
            switch here {
            case .object(let members):
                guard let next = members[String(part)] else { return nil }
                here = next
            case .list(let items):
                guard let index = Int(part), items.indices.contains(index) else { return nil }
                here = items[index]
            default: return nil
            }
        }
        return here
    }

    /// The way to the first part of `wanted` that this value lacks; nil when it holds all of it.
    func difference(from wanted: JSONField, at path: String = "json") -> String? {
        switch (self, wanted) {
        case (.object(let mine), .object(let others)):
            for (key, value) in others.sorted(by: { $0.key < $1.key }) {
                guard let found = mine[key] else { return "\(path).\(key)" }
                if let difference = found.difference(from: value, at: "\(path).\(key)") { return difference }
            }
            return nil
        case (.list(let mine), .list(let others)):
            guard mine.count == others.count else { return path }
            for (index, pair) in zip(mine, others).enumerated() {
                if let difference = pair.0.difference(from: pair.1, at: "\(path).\(index)") {
                    return difference
                }
            }
            return nil
        default: return self == wanted ? nil : path
        }
    }

    /// As it stands in an address or a header.
    var plainText: String {
        if case .text(let text) = self { return text }
        return (try? JSON.text(self)) ?? ""
    }

    /// The same with every text replaced.
    func mapTexts(_ change: (String) -> String) -> JSONField {
        switch self {
        case .object(let members): .object(members.mapValues { $0.mapTexts(change) })
        case .list(let items): .list(items.map { $0.mapTexts(change) })
        case .text(let text): .text(change(text))
        case .number, .flag, .null: self
        }
    }
}

import FoundationEssentials

/// Which keys two definitions differ in.
public enum DefinitionDifference {
    /// Top-level keys, sorted; secrets are only named, they are not in a definition.
    public static func keys(_ left: Environment, _ right: Environment) throws(DeployError) -> [String] {
        let (one, other) = (try fields(left), try fields(right))
        return Set(one.keys).union(other.keys).filter { one[$0] != other[$0] }.sorted()
    }

    private static func fields(_ environment: Environment) throws(DeployError) -> [String: JSONField] {
        try JSON.value([String: JSONField].self, from: JSON.data(environment), named: "the definition")
    }
}

/// Any JSON value, for comparison only.
enum JSONField: Hashable, Codable {
    case object([String: JSONField])
    case list([JSONField])
    case text(String)
    case number(Double)
    case flag(Bool)
    case null

    init(from decoder: any Decoder) throws {
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

    func encode(to encoder: any Encoder) throws {
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

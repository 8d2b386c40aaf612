import DeployCore
import FoundationEssentials

extension SQLiteValue {
    /// The value as JSON; null for nil.
    static func optional(_ value: (some Encodable)?) throws(DeployError) -> SQLiteValue {
        guard let value else { return .null }
        return .text(try JSON.text(value))
    }

    /// What stands in it as JSON; nil where that is nothing, or not of this kind.
    func decoded<Value: Decodable>() -> Value? {
        text.flatMap { try? JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
    }
}

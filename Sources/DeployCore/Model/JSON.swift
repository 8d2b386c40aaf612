import FoundationEssentials

/// The one way values become stored text: sorted keys, so that equal values give equal bytes.
public enum JSON {
    /// The value as JSON, keys in order of the alphabet, so that equal values give equal bytes.
    public static func data(_ value: some Encodable) throws(DeployError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return try encoder.encode(value) } catch {
            throw DeployError(
                .unexpected, what: "A record could not be written as JSON", why: "\(error)",
                next: "report this as a bug")
        }
    }

    /// The same as text.
    public static func text(_ value: some Encodable) throws(DeployError) -> String {
        String(decoding: try data(value), as: UTF8.self)
    }

    public static func value<Value: Decodable>(
        _ type: Value.Type, from data: Data, named name: String
    ) throws(DeployError) -> Value {
        do { return try JSONDecoder().decode(type, from: data) } catch {
            throw DeployError(
                .unexpected, what: "\(name) cannot be read", why: "\(error)",
                next: "deployctl doctor")
        }
    }
}

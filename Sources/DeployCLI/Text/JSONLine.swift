import DeployCore
import FoundationEssentials

/// One JSON object for programs, on a line of its own: snake_case keys in order of the alphabet, RFC 3339 times, schema_version 1.
enum JSONLine {
    static let schemaVersion = 1

    /// The value has to encode as an object, not as an array or a single value.
    static func text(_ value: some Encodable & Sendable) throws(DeployError) -> String {
        do {
            return escaped(String(decoding: try encoder().encode(Versioned(value: value)), as: UTF8.self))
                + "\n"
        } catch {
            throw DeployError(
                .unexpected, what: "the answer cannot be written as JSON", why: "\(error)",
                next: "run the command without --json")
        }
    }

    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(UTC.rfc3339(date))
        }
        return encoder
    }

    /// Escapes what JSON allows raw but a terminal would obey; such characters stand only inside strings.
    private static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: InertText.isUnsafe) else { return json }
        var result = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            if InertText.isUnsafe(scalar) {
                for unit in String(scalar).utf16 {
                    result.append(contentsOf: JSONString.escape(unit).unicodeScalars)
                }
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}

private struct Versioned<Value: Encodable & Sendable>: Encodable {
    enum Key: String, CodingKey { case schemaVersion }

    let value: Value

    func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(JSONLine.schemaVersion, forKey: .schemaVersion)
    }
}

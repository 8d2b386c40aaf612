import Foundation

@testable import DeployCore

extension JSONField {
    init(parsing text: String) throws {
        self = try JSONDecoder().decode(JSONField.self, from: Data(text.utf8))
    }

    /// Indented, keys in order of the alphabet, a line feed at the end.
    func rendered() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    subscript(key: String) -> JSONField? {
        if case .object(let members) = self { members[key] } else { nil }
    }
}

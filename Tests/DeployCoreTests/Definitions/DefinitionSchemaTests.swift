import XCTest

@testable import DeployCore

final class DefinitionSchemaTests: XCTestCase {
    private func schema() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(DefinitionSchema.json.utf8))
        return try XCTUnwrap(object as? [String: Any])
    }

    func testTheSchemaNamesItsDraftAndDescribesEveryKey() throws {
        let schema = try schema()
        XCTAssertEqual(schema["$schema"] as? String, "https://json-schema.org/draft/2020-12/schema")
        XCTAssertEqual(schema["additionalProperties"] as? Bool, false)
        let keys = Self.keys(of: schema)
        XCTAssertGreaterThan(keys.count, 60)
        for (path, key) in keys {
            XCTAssertFalse((key["description"] as? String ?? "").isEmpty, path.joined(separator: "."))
        }
    }

    /// Builds, for each key of the schema, a definition from the schema's own examples.
    func testEveryKeyOfTheSchemaIsAcceptedByTheDecoder() throws {
        for (path, key) in Self.keys(of: try schema()) {
            var value = Self.sample(of: key)
            for name in path.reversed() { value = [name: value] }
            let data = try JSONSerialization.data(withJSONObject: value)
            let tree = try XCTUnwrap(JSON5Reader.read(Array(data), file: "f").value)
            var check = ShapeCheck()
            check.check(tree, DefinitionKeys.root, path: "")
            let wrong = check.problems.filter { $0.what != "is missing" }
            XCTAssertEqual(wrong.map(\.summary), [], path.joined(separator: "."))
        }
    }

    /// Every key of a definition that the decoder accepts and that sets every field is in the schema.
    func testEveryKeyTheDecoderReadsIsInTheSchema() throws {
        let known = Set(Self.keys(of: try schema()).map { $0.path.filter { $0 != Self.anyName(of: $0) } })
        let tree = try XCTUnwrap(JSON5Reader.read(Array(DefinitionLoaderTests.full.utf8), file: "f").value)
        var seen = 0
        for path in Self.paths(of: tree) {
            XCTAssertTrue(known.contains(path), path.joined(separator: "."))
            seen += 1
        }
        XCTAssertGreaterThan(seen, 40)
    }

    func testAKeyOutsideTheSchemaIsRefusedInEveryObject() throws {
        for (path, key) in Self.keys(of: try schema()) {
            guard case .some = Self.variants(of: key).first(where: { $0["properties"] != nil }) else {
                continue
            }
            var value: Any = ["zzzzzzzz": 1]
            for name in path.reversed() { value = [name: value] }
            let data = try JSONSerialization.data(withJSONObject: value)
            let tree = try XCTUnwrap(JSON5Reader.read(Array(data), file: "f").value)
            var check = ShapeCheck()
            check.check(tree, DefinitionKeys.root, path: "")
            XCTAssertTrue(
                check.problems.contains { $0.path.hasSuffix("zzzzzzzz") }, path.joined(separator: "."))
        }
    }
}

extension DefinitionSchemaTests {
    /// Names that stand for any name in a map, by what the schema says about names.
    private static let anyNames = ["x", "/x", "X", "502"]

    private static func anyName(of name: String) -> String? { anyNames.contains(name) ? name : nil }

    fileprivate static func variants(of schema: [String: Any]) -> [[String: Any]] {
        guard let any = schema["anyOf"] as? [[String: Any]] else { return [schema] }
        return any.flatMap(variants)
    }

    /// Every key below the schema, with the way to it.
    fileprivate static func keys(of schema: [String: Any], at path: [String] = []) -> [(
        path: [String], key: [String: Any]
    )] {
        variants(of: schema).flatMap { variant -> [(path: [String], key: [String: Any])] in
            let properties = variant["properties"] as? [String: [String: Any]] ?? [:]
            let own = properties.flatMap { name, key in
                [(path + [name], key)] + keys(of: key, at: path + [name])
            }
            guard let item = variant["additionalProperties"] as? [String: Any] else { return own }
            return own + keys(of: item, at: path + [name(for: variant)])
        }
    }

    private static func name(for variant: [String: Any]) -> String {
        let pattern = (variant["propertyNames"] as? [String: Any])?["pattern"] as? String ?? ""
        return anyNames.first { $0.range(of: pattern, options: .regularExpression) != nil } ?? "x"
    }

    fileprivate static func sample(of schema: [String: Any]) -> Any {
        let variant = variants(of: schema)[0]
        if let words = variant["enum"] as? [String] { return words[0] }
        if let examples = variant["examples"] as? [String] { return examples[0] }
        switch variant["type"] as? String {
        case "integer", "number": return variant["minimum"] ?? 0
        case "boolean": return true
        case "array":
            return [sample(of: variant["items"] as? [String: Any] ?? [:])]
        default:
            if let item = variant["additionalProperties"] as? [String: Any] {
                return [name(for: variant): sample(of: item)]
            }
            let properties = variant["properties"] as? [String: [String: Any]] ?? [:]
            // A secret is in one place only.
            guard properties["env"] == nil else { return ["env": "NAME"] }
            return properties.mapValues(sample)
        }
    }

    /// The ways to all keys of a definition, without the names in its maps.
    private static func paths(of tree: Located, at path: [String] = [], isMap: Bool = false) -> [[String]] {
        tree.members.flatMap { member in
            let here = isMap ? path : path + [member.key]
            let maps = [
                "services", "routes", "ports", "headers", "secrets", "variables", "errors", "files",
                "features",
            ]
            return (isMap ? [] : [here])
                + paths(of: member.value, at: here, isMap: !isMap && maps.contains(member.key))
        }
    }
}

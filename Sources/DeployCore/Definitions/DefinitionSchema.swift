/// The JSON Schema of a definition file, for editors and other tools.
///
/// It is written from the same table the decoder checks with. It describes one file before `extends`:
/// no key is required, since another file may hold it, and null takes away what an extended file says.
public enum DefinitionSchema {
    /// Draft 2020-12, ending in a line feed.
    public static var json: String {
        guard case .object(let members) = schema(of: DefinitionKeys.root) else { return "{}\n" }
        let head: [(String, SchemaText)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("deployctl environment")),
            (
                "description",
                .text(
                    "One file of environments/. No key is required here, since an extended file may hold it;"
                        + " null takes away what an extended file says.")
            ),
        ]
        return SchemaText.object(head + members).rendered() + "\n"
    }

    private static func schema(of shape: Shape) -> SchemaText {
        switch shape {
        case .text(let rule):
            return .object(
                [("type", .text("string"))] + (rule.pattern.map { [("pattern", .text($0))] } ?? [])
                    + [("examples", .list([.text(rule.example)]))])
        case .integer(let range):
            return .object([
                ("type", .text("integer")), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ])
        case .number(let range):
            return .object([
                ("type", .text("number")), ("minimum", .number(range.lowerBound)),
                ("maximum", .number(range.upperBound)),
            ])
        case .anything: return .object([])
        case .flag: return .object([("type", .text("boolean"))])
        case .flagOrText(let rule):
            return .object([
                ("anyOf", .list([.object([("type", .text("boolean"))]), schema(of: .text(rule))]))
            ])
        case .choice(let words, _):
            return .object([("type", .text("string")), ("enum", .list(words.map { .text($0) }))])
        case .list(let item, let least):
            let limit: [(String, SchemaText)] = least > 0 ? [("minItems", .integer(least))] : []
            return .object([("type", .text("array"))] + limit + [("items", schema(of: item))])
        case .textOrList(let rule):
            return .object([
                ("anyOf", .list([schema(of: .text(rule)), schema(of: .list(of: .text(rule), least: 1))]))
            ])
        case .map(let rule, let item):
            let names: [(String, SchemaText)] =
                rule.pattern.map { [("propertyNames", .object([("pattern", .text($0))]))] } ?? []
            return .object(
                [("type", .text("object"))] + names + [("additionalProperties", orNull(schema(of: item)))])
        case .object(let keys): return object(keys)
        case .exactlyOne(let keys): return object(keys)
        case .wordOrObject(let word, let keys), .argumentsOrObject(let word, let keys):
            return .object([("anyOf", .list([schema(of: word), object(keys)]))])
        }
    }

    private static func object(_ keys: [Key]) -> SchemaText {
        let properties = keys.map { key in (key.name, orNull(schema(of: key.shape), summary: key.summary)) }
        return .object([
            ("type", .text("object")), ("additionalProperties", .flag(false)),
            ("properties", .object(properties)),
        ])
    }

    private static func orNull(_ schema: SchemaText, summary: String? = nil) -> SchemaText {
        let description: [(String, SchemaText)] = summary.map { [("description", .text($0))] } ?? []
        return .object(description + [("anyOf", .list([schema, .object([("type", .text("null"))])]))])
    }
}

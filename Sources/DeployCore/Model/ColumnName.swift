/// A column of the application's database as people write it: `users.email`, `crm.users.email`, `"odd.table"."e-mail"`.
public struct ColumnName: Hashable, Codable, Sendable {
    /// Only where an engine has schemas; nil: the one table of that name.
    public var schema: String?
    public var table: String
    public var column: String

    public init(schema: String? = nil, table: String, column: String) {
        self.schema = schema
        self.table = table
        self.column = column
    }

    /// Parts between dots; one in double quotes may hold anything, a quote doubled.
    public init?(parsing text: String) {
        guard let parts = Self.parts(of: text) else { return nil }
        switch parts.count {
        case 2: self.init(table: parts[0], column: parts[1])
        case 3: self.init(schema: parts[0], table: parts[1], column: parts[2])
        default: return nil
        }
    }

    private static func parts(of text: String) -> [String]? {
        var parts: [String] = []
        var rest = text.unicodeScalars[...]
        while let part = rest.first == "\"" ? quoted(&rest) : plain(&rest) {
            parts.append(part)
            guard let next = rest.popFirst() else { return parts }
            guard next == "." else { return nil }
        }
        return nil
    }

    private static func plain(_ rest: inout Substring.UnicodeScalarView) -> String? {
        let part = rest.prefix { $0 != "." && $0 != "\"" }
        rest = rest[part.endIndex...]
        return part.isEmpty || !part.allSatisfy(Shown.isVisible) ? nil : String(part)
    }

    private static func quoted(_ rest: inout Substring.UnicodeScalarView) -> String? {
        rest.removeFirst()
        var part = String.UnicodeScalarView()
        while let next = rest.popFirst() {
            guard next == "\"" else {
                part.append(next)
                continue
            }
            guard rest.first == "\"" else { return part.isEmpty ? nil : String(part) }
            part.append(next)
            rest.removeFirst()
        }
        return nil
    }
}

extension ColumnName: CustomStringConvertible {
    /// As a definition may name it.
    public var description: String {
        [schema, table, column].compactMap(\.self).map(Self.written).joined(separator: ".")
    }

    private static func written(_ part: String) -> String {
        let isPlain =
            !part.isEmpty
            && part.unicodeScalars.allSatisfy {
                $0 != "." && $0 != "\"" && Shown.isVisible($0)
            }
        return isPlain ? part : "\"\(part.replacing("\"", by: "\"\""))\""
    }
}

/// A part of the definitions' schema, its keys in the given order.
indirect enum SchemaText {
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case null
    case list([SchemaText])
    case object([(String, SchemaText)])

    func rendered(indent: String = "") -> String {
        let inner = indent + "  "
        switch self {
        case .flag(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .number(let number): return Shape.plain(number)
        case .text(let text): return JSONString.quoted(text)
        case .null: return "null"
        case .list(let items):
            let texts = items.map { $0.rendered(indent: inner) }
            let line = "[\(texts.joined(separator: ", "))]"
            if line.utf8.count < 80, !line.utf8.contains(0x0A) { return line }
            return "[\n" + texts.map { inner + $0 }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members):
            let lines = members.map { "\(inner)\(JSONString.quoted($0.0)): \($0.1.rendered(indent: inner))" }
            return lines.isEmpty ? "{}" : "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }
}

/// Compares a tree with its shape and collects every difference.
struct ShapeCheck {
    private(set) var problems: [DefinitionProblem] = []

    mutating func check(_ value: Located, _ shape: Shape, path: String) {
        switch (shape, value.content) {
        case (.text(let rule), .text(let text)): check(text, rule, at: value.location, path: path)
        case (.integer(let range), .integer(let number)):
            if !range.contains(number) { refuse(value, shape, path, shown: "\(number)") }
        case (.number(let range), .integer), (.number(let range), .fraction):
            if !(value.fraction.map(range.contains) ?? false) {
                refuse(value, shape, path, shown: "what is written")
            }
        case (.flag, .flag), (.flagOrText, .flag), (.anything, _): break
        case (.flagOrText(let rule), .text(let text)):
            guard !rule.accepts(text) else { break }
            refuse(value, shape, path, shown: "\"\(Shown.text(text))\"")
        case (.choice(let words, let later), .text(let text)):
            check(text, words, later: later, at: value.location, path: path)
        case (.textOrList(let rule), .text(let text)): check(text, rule, at: value.location, path: path)
        case (.textOrList(let rule), .list(let items)):
            check(items, .text(rule), least: 1, at: value.location, path: path)
        case (.list(let item, let least), .list(let items)):
            check(items, item, least: least, at: value.location, path: path)
        case (.map(let rule, let item), .object): check(value, mapOf: item, keys: rule, path: path)
        case (.object(let keys), .object): check(value, keys: keys, path: path)
        case (.exactlyOne(let keys), .object): check(value, exactlyOneOf: keys, path: path)
        case (.wordOrObject(let word, _), .text): check(value, word, path: path)
        case (.wordOrObject(_, let keys), .object): check(value, keys: keys, path: path)
        case (.argumentsOrObject(let list, _), .list): check(value, list, path: path)
        case (.argumentsOrObject(_, let keys), .object): check(value, keys: keys, path: path)
        case (.exactlyOne(let keys), .text):
            add(
                value.location, path, "holds the text itself; a definition never holds a secret",
                "say where it is with \(Shape.names(keys)), and change a secret that was written here")
        default: refuse(value, shape, path, shown: value.content.kind)
        }
    }

    private mutating func check(_ text: String, _ rule: TextRule, at location: SourceLocation, path: String) {
        guard !rule.accepts(text) else { return }
        let found = rule.isDiscreet ? "what is written is not" : "\"\(Shown.text(text))\" is not"
        add(location, path, "must be \(rule.expectation); \(found)", "write for example \"\(rule.example)\"")
    }

    private mutating func check(
        _ text: String, _ words: [String], later: [String], at location: SourceLocation, path: String
    ) {
        guard !words.contains(text) else { return }
        let known = words.map { "\"\($0)\"" }.joined(separator: " or ")
        guard !later.contains(text) else {
            return add(
                location, path, "\"\(text)\" comes with a later version of deployctl", "write \(known)")
        }
        let alias =
            text == "mariadb" && words.contains { $0 == "mysql" }
            ? "write \"mysql\", which is MariaDB too" : nil
        let nearest = alias ?? Nearest.word(to: text, in: words).map { "write \"\($0)\"" }
        add(location, path, "must be \(known), not \"\(Shown.text(text))\"", nearest ?? "write \(known)")
    }

    private mutating func check(
        _ items: [Located], _ shape: Shape, least: Int, at location: SourceLocation, path: String
    ) {
        if items.count < least {
            add(location, path, "is empty", "write at least \(least) item, or remove the key")
        }
        for (index, item) in items.enumerated() {
            check(item, shape, path: DefinitionPath.index(index, in: path))
        }
    }

    private mutating func check(_ value: Located, mapOf shape: Shape, keys rule: TextRule, path: String) {
        guard case .object(let members) = value.content else { return }
        for member in members {
            let path = DefinitionPath.key(member.key, in: path)
            if !rule.accepts(member.key) {
                add(
                    member.location, path, "the name must be \(rule.expectation)",
                    "rename it, for example \"\(rule.example)\"")
            }
            if member.value.content != .null { check(member.value, shape, path: path) }
        }
    }

    private mutating func check(_ value: Located, keys: [Key], path: String) {
        guard case .object(let members) = value.content else { return }
        for member in members {
            let path = DefinitionPath.key(member.key, in: path)
            guard let key = keys.first(where: { $0.name == member.key }) else {
                addUnknown(member, keys, path)
                continue
            }
            if member.value.content != .null { check(member.value, key.shape, path: path) }
        }
        for key in keys where key.isRequired && value[key.name] == nil {
            add(
                value.location, DefinitionPath.key(key.name, in: path), "is missing",
                "add \"\(key.name)\": \(key.shape.example) (\(key.summary.before(".") ?? key.summary[...]))")
        }
    }

    private mutating func check(_ value: Located, exactlyOneOf keys: [Key], path: String) {
        check(value, keys: keys, path: path)
        let set = keys.filter { value[$0.name] != nil }
        guard set.count != 1 else { return }
        let what =
            set.isEmpty ? "says not where it is" : "has \(Shape.names(set)), but one place only is allowed"
        let next =
            set.isEmpty
            ? "write one of \(Shape.names(keys))"
            : "keep one; \"\(set[0].name)\": null takes away what an extended file says"
        add(value.location, path, what, next)
    }

    private mutating func addUnknown(_ member: Located.Member, _ keys: [Key], _ path: String) {
        guard problems.count < DefinitionProblem.limit else { return }
        guard let nearest = Nearest.word(to: member.key, in: keys.map(\.name)) else {
            return add(
                member.location, path, "unknown key",
                "remove it; known here are \(Nearest.words(to: member.key, in: keys.map(\.name)))")
        }
        add(
            member.location, path, "unknown key; the nearest known key is \"\(nearest)\"",
            "rename it to \"\(nearest)\", or remove it")
    }

    private mutating func refuse(_ value: Located, _ shape: Shape, _ path: String, shown: String) {
        let wanted =
            shape.isWords && value.text != nil
            ? "a list of words, such as [\"python3\", \"app/server.py\"]" : shape.expectation
        add(value.location, path, "must be \(shape.expectation), not \(shown)", "write \(wanted)")
    }

    private mutating func add(_ location: SourceLocation, _ path: String, _ what: String, _ next: String) {
        guard problems.count < DefinitionProblem.limit else { return }
        problems.append(DefinitionProblem(at: location, path: path, what: what, next: next))
    }
}

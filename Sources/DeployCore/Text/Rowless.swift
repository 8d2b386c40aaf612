/// Text of another program without the rows of a database that it repeats.
///
/// Kept is what helps to mend the cause: the error's number, the constraint, the table, the column and the line. What
/// stands between, a value or a whole statement, becomes `…`. Where one ends is not always certain; then more goes.
enum Rowless {
    /// The same lines, in which `…` stands for what may be a row's.
    static func text(_ text: String) -> String {
        guard mayRepeat(text) else { return text }
        var text = text
        for rule in statements + details + values {
            text = text.replacing(rule.matchingSemantics(.unicodeScalar)) { "\($0.1)…\($0.2)" }
        }
        return text
    }

    /// Whether a rule could find anything: making the rules takes longer than all else that is done with a message.
    private static func mayRepeat(_ text: String) -> Bool {
        let small = String(decoding: text.utf8.map { (65...90).contains($0) ? $0 | 32 : $0 }, as: UTF8.self)
        return traces.contains { small.holds($0) }
    }

    /// In small letters, of each rule what its text has whatever else it has; none has a letter that is also the small
    /// form of one outside of ASCII, such as that of the sign for kelvin.
    private static let traces = [
        "--------------", "statement: ", "query: ", "command wa", "sql statement \"", "line ", "value",
        "[parameters: ",
        "(sql: ", ")=(", "failing row contains (", "copy ", "duplicate entry '", "near ", "for type ",
        "out of range",
        "literal", "for enum ", "on text", "character ",
    ]

    /// What precedes and what follows the part that goes.
    private typealias Rule = Regex<(Substring, Substring, Substring)>

    /// Statements that a client repeats before it says what is wrong with them.
    private static var statements: [Rule] {
        [
            /(?m)^()-{14}\r?\n(?:(?s:.*)\n-{14}$|(?s:.*))()/,
            /(?m)^((?:STATEMENT|QUERY): +|(?i:command was): )(?!…)(?s:.*?)()(?=\n(?:[\w.-]+: |ERROR|HINT|DETAIL|CONTEXT|LOCATION)|\z)/,
            /(SQL statement ")(?!…)(?s:.*)(")/,
            /(?m)^(LINE [0-9]+: )(?!…)[^\n]*(?:\n *\^)?()/,
            /(?i)(\bvalues? *\()(?!…)(?:[^\n]*(?=\))|[^\n]*)(\)?)/,
            /(\[parameters: |\(SQL: )(?!…)[^\n]*()/,
        ]
    }

    /// What PostgreSQL adds to an error.
    private static var details: [Rule] {
        [
            /(\)=\()(?!…)(?s:.*)(\) (?:already exists|is not present|is still referenced|is duplicated|conflicts with))/,
            /(\)=\()(?!…)[^\n]*()/,
            /(Failing row contains \()(?!…)(?:(?s:.*)(?=\))|(?s:.*))(\)?)/,
            /(COPY [^\n:]+, line [0-9]+(?:, column [^\n:]+)?: )(?!…)(?s:.*?)"?()(?=\n[A-Z]|\z)/,
        ]
    }

    /// Values in the midst of a sentence.
    private static var values: [Rule] {
        [
            /(Duplicate entry ')(?!…)(?s:.*)(' for key)/,
            /(\bnear ')(?!…)(?:(?s:.*)(?=' at line)|[^\n]*)((?:' at line)?)/,
            /(\bnear ")(?![A-Za-z_]+"|…)[^\n]*(")/,
            /(?i)(\bvalue:? ')(?!…)(?s:.*)(' for )/,
            /(?i)((?:\bvalue|for type [a-z ]+|out of range|literal|for enum [\w."]+|JSON text|character string):? ["'])(?!…)[^\n]*(["'])/,
        ]
    }
}

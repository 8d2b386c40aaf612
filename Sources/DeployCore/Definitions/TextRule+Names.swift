extension TextRule {
    /// A column, with its table and, where there are schemas, its schema.
    static let column = TextRule(
        expectation:
            "a table and a column such as \"users.email\"; a part with a dot stands in double quotes",
        pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]{3,400}$", example: "users.email"
    ) { text in
        (3...400).contains(text.unicodeScalars.count) && text.unicodeScalars.allSatisfy(Shown.isVisible)
            && ColumnName(parsing: text) != nil
    }

    private static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"

    /// A secret becomes a variable of the service, beside those the tool sets itself.
    static let secretName = TextRule(
        expectation: "capital letters, digits and _, and not a variable deployctl sets itself"
            + " (PORT, HOST, SOCKET, DATABASE_URL, DEPLOYCTL_…)",
        pattern: "^(?!(PORT|HOST|SOCKET|DATABASE_URL)$)(?!DEPLOYCTL_)[A-Z_][A-Z0-9_]*$", example: "JWT_SECRET"
    ) { text in
        only(String(text.prefix(1)), upper) && !text.isEmpty && only(text, upper + "0123456789")
            && !["PORT", "HOST", "SOCKET", "DATABASE_URL"].contains(text) && !text.begins(with: "DEPLOYCTL_")
    }

    /// A variable of deployctl's own environment.
    static let variable = TextRule(
        expectation: "the name of an environment variable", pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
        example: "STAGING_JWT_SECRET", isDiscreet: true
    ) { text in
        guard let first = text.utf8.first else { return false }
        return (!(48...57).contains(first))
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    static let headerName = TextRule(
        expectation: "the name of a header: letters, digits and hyphens", pattern: "^[A-Za-z0-9-]+$",
        example: "X-Environment"
    ) { text in !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") } }

    /// Written between double quotes into an nginx file, where `$` begins a variable.
    static let headerValue = TextRule(
        expectation: "one line of ASCII without double quote, backslash and dollar sign",
        pattern: "^[ !#%-\\[\\]-~]+$", example: "staging"
    ) { text in
        !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) && !"\"\\$".utf8.contains($0) }
    }

    static let portName = TextRule(
        expectation: "http, https or the name of a service", pattern: name.pattern, example: "http",
        accepts: name.accepts)

    /// What ``Isolation`` compares; see there for the list.
    static let subject = TextRule(
        expectation: "one of \(IsolationSubject.names.joined(separator: ", "))",
        pattern: IsolationSubject.pattern, example: "network", accepts: IsolationSubject.isKnown)
}

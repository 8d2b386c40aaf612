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

    private static let own = ["PORT", "HOST", "SOCKET", "DATABASE_URL"]

    /// What a program is told by these decides which code it runs, also while it is still the superuser's.
    private static let loaders = ["GLIBC_TUNABLES", "GCONV_PATH", "LOCPATH"]

    /// A secret becomes a variable of the service, beside those the tool sets itself.
    static let secretName = TextRule(
        expectation: "letters, digits and _, and not a variable deployctl sets itself"
            + " (PORT, HOST, SOCKET, DATABASE_URL, DEPLOYCTL_…) or one that loads code (LD_…)",
        pattern:
            "^(?!(PORT|HOST|SOCKET|DATABASE_URL|GLIBC_TUNABLES|GCONV_PATH|LOCPATH)$)(?!DEPLOYCTL_|LD_)[A-Za-z_][A-Za-z0-9_]*$",
        example: "JWT_SECRET"
    ) { text in
        variable.accepts(text) && !(own + loaders).contains { $0 == text } && !text.begins(with: "DEPLOYCTL_")
            && !text.begins(with: "LD_")
    }

    private static let parts = ["HOST", "PORT", "NAME", "USER", "PASSWORD"].map { "DATABASE_\($0)" }

    /// A plain variable; the database's parts are told as they are, not as somebody wrote them.
    static let variableName = TextRule(
        expectation: "letters, digits and _, and not a variable deployctl sets itself"
            + " (PORT, HOST, SOCKET, DATABASE_…, DEPLOYCTL_…) or one that loads code (LD_…)",
        pattern:
            "^(?!(PORT|HOST|SOCKET|DATABASE_(URL|HOST|PORT|NAME|USER|PASSWORD)|GLIBC_TUNABLES|GCONV_PATH|LOCPATH)$)(?!DEPLOYCTL_|LD_)[A-Za-z_][A-Za-z0-9_]*$",
        example: "NODE_ENV"
    ) { text in secretName.accepts(text) && !parts.contains { $0 == text } }

    static let variableValue = TextRule(
        expectation: "text without a null byte, at most 32,000 bytes", pattern: "^[^\\u0000]{0,32000}$",
        example: "production"
    ) { text in text.utf8.count <= 32_000 && !text.utf8.contains(0) }

    /// How many users have a feature.
    static let featureShare = TextRule(
        expectation: "a share such as \"25%\"", pattern: "^(100|[1-9]?[0-9])%$", example: "25%"
    ) { text in text.ends(with: "%") && FeatureShare(text) != nil }

    /// A variable of deployctl's own environment.
    static let variable = TextRule(
        expectation: "the name of an environment variable", pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
        example: "STAGING_JWT_SECRET", isDiscreet: true
    ) { text in
        guard let first = text.utf8.first else { return false }
        return (!(48...57).contains(first))
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    /// An address, or a network as an address and the number of its leading bits.
    static let network = TextRule(
        expectation: "an IP address or a network such as \"10.0.0.0/8\" or \"fd00::/8\"",
        pattern: "^[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?$", example: "10.0.0.0/8"
    ) { text in
        let parts = text.split(at: "/", keepsEmpty: true)
        guard let address = parts.first, parts.count <= 2, (2...45).contains(address.utf8.count),
            String(address).holdsOnly("0123456789abcdefABCDEF.:")
        else { return false }
        return parts.count == 1
            || (1...3).contains(parts[1].utf8.count) && String(parts[1]).holdsOnly("0123456789")
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

    /// As Debian allows them; one that ended with a sign would ask apt to take it away.
    static let package = TextRule(
        expectation: "the name of a Debian package such as \"libpq5\"",
        pattern: "^[a-z0-9][a-z0-9.+-]{0,98}[a-z0-9]$", example: "libpq5"
    ) { text in
        (2...100).contains(text.utf8.count)
            && text.holdsOnly("abcdefghijklmnopqrstuvwxyz0123456789.+-")
            && [text.utf8.first, text.utf8.last].allSatisfy { $0.map(isAlphanumeric) ?? false }
    }
}

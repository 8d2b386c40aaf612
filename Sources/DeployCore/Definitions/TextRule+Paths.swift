extension TextRule {
    /// A path below the project or the release.
    static let relativePath = TextRule(
        expectation: "a path inside the project: relative, without .. and control characters",
        pattern: "^(?!-)(?!/)(?!.*(^|/)\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]+$", example: "data/app"
    ) { text in isPlainPath(text) && text.utf8.first != UInt8(ascii: "/") && !climbs(text) }

    /// A folder that is replaced by a link, so that each of its names counts.
    static let sharedPath = TextRule(
        expectation: "a path inside the project: names with one / between them, none of them . or ..",
        pattern:
            "^(?!-)(?!(.*/)?\\.{1,2}(/|$))[^/\\u0000-\\u001f\\u007f\\\\]+(/[^/\\u0000-\\u001f\\u007f\\\\]+)*$",
        example: "uploads"
    ) { text in
        relativePath.accepts(text)
            && text.split(at: "/", keepsEmpty: true).allSatisfy { !$0.isEmpty && $0 != "." }
    }

    /// A SQL file of the release.
    static let sqlPath = TextRule(
        expectation: "the path of a .sql file in the release: relative, without .. and control characters",
        pattern: "^(?!-)(?!/)(?!.*(^|/)\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]+\\.sql$",
        example: "db/mask.sql"
    ) { text in relativePath.accepts(text) && text.ends(with: ".sql") }

    /// What fills a fresh database.
    static let freshSource = TextRule(
        expectation: "\"migrations\", the path of a .sql file in the release, or the name of an environment",
        pattern:
            "^([a-z0-9][a-z0-9-]{0,62}|(?!-)(?!/)(?!.*(^|/)\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]+\\.sql)$",
        example: "migrations"
    ) { text in name.accepts(text) || sqlPath.accepts(text) }

    /// A path that may lie outside the project, as backups on another disk do.
    static let path = TextRule(
        expectation: "a path without .. and control characters, not beginning with a hyphen",
        pattern: "^(?!-)(?!.*(^|/)\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]+$", example: "/mnt/backups"
    ) { text in isPlainPath(text) && !climbs(text) }

    /// Where a secret lies; a wrong value may be the secret itself.
    static let secretPath = TextRule(
        expectation: path.expectation, pattern: path.pattern, example: ".secrets/jwt", isDiscreet: true,
        accepts: path.accepts)

    /// A repository on this machine; git's `scheme::` and URLs are refused.
    static let repository = TextRule(
        expectation: "the path of a git repository on this machine",
        pattern: "^(?!-)(?!.*:)[^\\u0000-\\u001f\\u007f\\\\]+$", example: "."
    ) { text in isPlainPath(text) && !text.utf8.contains(UInt8(ascii: ":")) }

    /// A folder of static files, which is written into an nginx file.
    static let routeTarget = TextRule(
        expectation:
            "the name of a service or a folder of the release: letters, digits and . _ / -, without ..",
        pattern: "^(?!.*(^|/)\\.\\.(/|$))[A-Za-z0-9._][A-Za-z0-9._/-]*$", example: "public"
    ) { text in
        isPlainPath(text) && !climbs(text) && text.utf8.first != UInt8(ascii: "/")
            && text.utf8.allSatisfy { isAlphanumeric($0) || "._/-".utf8.contains($0) }
    }

    static let routePath = TextRule(
        expectation: "a path of the address: / first, then letters, digits and . _ ~ / -, without ..",
        pattern: "^(?!.*(^|/)\\.\\.(/|$))/[A-Za-z0-9._~/-]*$", example: "/api"
    ) { text in
        text.utf8.first == UInt8(ascii: "/") && !climbs(text)
            && text.utf8.allSatisfy { isAlphanumeric($0) || "._~/-".utf8.contains($0) }
    }

    static let healthPath = TextRule(
        expectation: "a path of the address: / first, without spaces, quotes and control characters",
        pattern: "^/[A-Za-z0-9._~/%?&=+,:@!-]*$", example: "/health"
    ) { text in
        text.utf8.first == UInt8(ascii: "/")
            && text.utf8.allSatisfy { isAlphanumeric($0) || "._~/%?&=+,:@!-".utf8.contains($0) }
    }

    private static func isPlainPath(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
    }

    private static func climbs(_ text: String) -> Bool {
        text.split(at: "/").contains { $0 == ".." }
    }
}

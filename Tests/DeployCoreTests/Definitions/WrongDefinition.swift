/// A definition that must be refused, and where.
struct WrongDefinition {
    var name: String
    /// The text of the file; line 1 is its first.
    var text: String
    var line: Int
    var path: String
    /// Part of what the message says.
    var says: String
    var environment = "staging"
    /// Where the problem is, when not in the environment's own file.
    var file: String?
    var others: [String: String] = [:]

    /// A file that changes the good base: line 1 extends it, line 2 is `change`.
    init(
        _ name: String, _ change: String, at path: String, says: String, line: Int = 2,
        environment: String = "staging"
    ) {
        self.init(
            name, text: "{\"extends\": \"base.json\",\n\(change)}", line: line, at: path, says: says,
            environment: environment)
    }

    init(
        _ name: String, text: String, line: Int, at path: String, says: String,
        environment: String = "staging",
        file: String? = nil, others: [String: String] = [:]
    ) {
        self.name = name
        self.text = text
        self.line = line
        self.path = path
        self.says = says
        self.environment = environment
        self.file = file
        self.others = others
    }
}

extension WrongDefinition {
    static let all =
        syntax + shapes + texts + secrets + granted + mounts + ordered + replicated + linked + limited
        + scheduled + notified + hooked + handed + spread + joined
        + contradictions
        + included + copied + encrypted + filled + promotions + inheritance
}

extension WrongDefinition {
    private static func service(_ text: String) -> String { "\"services\": {\"extra\":\n\(text)}" }

    static let syntax: [WrongDefinition] = [
        .init("an empty file", text: "", line: 1, at: "", says: "the file ends"),
        .init("only a comment", text: "// nothing\n", line: 2, at: "", says: "the file ends"),
        .init("a list", text: "\n[]", line: 2, at: "", says: "a definition is an object, not a list"),
        .init("a text", text: "'x'", line: 1, at: "", says: "a definition is an object, not a text"),
        .init(
            "an unclosed brace", text: "{\"project\": \"x\"\n", line: 2, at: "",
            says: "closing brace is missing"),
        .init(
            "a missing comma", text: "{\"project\": \"x\"\n\"logs\": \"l\"}", line: 2, at: "", says: "a comma"
        ),
        .init("two commas", text: "{\"project\": \"x\",\n,}", line: 2, at: "", says: "a key is expected"),
        .init(
            "a missing colon", text: "{\n\"project\" \"x\"}", line: 2, at: "project",
            says: "a colon is missing"),
        .init(
            "a missing value", text: "{\"project\":\n}", line: 2, at: "project", says: "a value is expected"),
        .init(
            "a word without quotes", text: "{\n\"project\": shop}", line: 2, at: "project",
            says: "without quotes"),
        .init(
            "an unclosed text", text: "{\n\"project\": \"shop\n}", line: 2, at: "project",
            says: "not closed on its line"),
        .init(
            "an unclosed comment", text: "{\n/* \"project\": 1}", line: 2, at: "",
            says: "the comment never ends"),
        .init("text after the end", text: "{}\n{}", line: 2, at: "", says: "something follows the end"),
        .init(
            "a wrong escape", text: "{\n\"project\": \"\\u00g0\"}", line: 2, at: "project", says: "the escape"
        ),
        .init(
            "a lone surrogate", text: "{\n\"project\": \"\\ud800\"}", line: 2, at: "project",
            says: "surrogate"),
        .init("an escaped NUL", text: "{\n\"project\": \"\\u0000\"}", line: 2, at: "project", says: "a NUL"),
        .init("a NUL byte", text: "{\n\"project\": \"\u{0}\"}", line: 2, at: "", says: "a NUL byte"),
        .init(
            "a control character", text: "{\n\"project\": \"\u{1B}\"}", line: 2, at: "project",
            says: "a control"),
        .init("a byte order mark", text: "\u{FEFF}{}", line: 1, at: "", says: "byte order mark"),
        .init("NaN", text: "{\n\"keepReleases\": NaN}", line: 2, at: "keepReleases", says: "not finite"),
        .init(
            "infinity", text: "{\n\"keepReleases\": -Infinity}", line: 2, at: "keepReleases",
            says: "not finite"),
        .init(
            "a huge number", text: "{\n\"keepReleases\": 9223372036854775808}", line: 2, at: "keepReleases",
            says: "too large"),
        .init(
            "a leading zero", text: "{\n\"keepReleases\": 010}", line: 2, at: "keepReleases",
            says: "not a number"),
        .init(
            "deep nesting", text: "{\"build\":\n" + String(repeating: "[", count: 5000), line: 2,
            at: "build" + String(repeating: "[0]", count: 63), says: "nested deeper than 64 levels"),
        .init(
            "a long list", text: "{\"branches\": [\n" + String(repeating: "'a',", count: 1001), line: 2,
            at: "branches", says: "more than 1000 entries"),
        .init(
            "a huge file", text: String(repeating: " ", count: 1 << 20) + "{}", line: 1, at: "",
            says: "larger than 1 MiB"),
        .init(
            "a key twice", "\"logs\": \"a\",\n\"logs\": \"b\"", at: "logs",
            says: "written twice, first on line 2", line: 3),
        .init(
            "a key twice, spelt with an escape", "\"ports\": {\"http\": 1,\n'\\u0068ttp': 2}",
            at: "ports.http",
            says: "written twice", line: 3),
    ]

    static let shapes: [WrongDefinition] = [
        .init("an unknown key", "\"prots\": {}", at: "prots", says: "nearest known key is \"ports\""),
        .init(
            "a key of another case", "\"Network\": \"n\"", at: "Network",
            says: "nearest known key is \"network\""),
        .init("a key of a later version", "\"previews\": {}", at: "previews", says: "unknown key"),
        .init(
            "a share of a feature in words", "\"features\": {\"payme\": \"half\"}", at: "features.payme",
            says: "a share such as"),
        .init(
            "a feature by a number", "\"features\": {\"payme\": 25}", at: "features.payme",
            says: "true, false or"),
        .init("a key without a field", "\"plugins\": []", at: "plugins", says: "unknown key"),
        .init(
            "an unknown key in a service",
            service("{\"role\": \"app\",\n\"command\": [\"x\"], \"helth\": {}}"),
            at: "services.extra.helth", says: "nearest known key is \"health\"", line: 4),
        .init(
            "a soak time", "\"promotion\": {\"soak\": \"0s\", \"from\": \"staging\"}", at: "promotion.soak",
            says: "longer than nothing", environment: "production"),
        .init("a key that needs quotes", "\"a b\": 1", at: "[\"a b\"]", says: "unknown key"),
        .init("a missing project", text: "{\n}", line: 1, at: "project", says: "is missing"),
        .init("a number as a text", "\"network\": 5", at: "network", says: "not a number"),
        .init("a text as a number", "\"keepReleases\": \"5\"", at: "keepReleases", says: "not a text"),
        .init("a fraction", "\"keepReleases\": 5.5", at: "keepReleases", says: "not a fraction"),
        .init(
            "a text as a flag", "\"source\": {\"tag\": \"yes\"}", at: "source.tag",
            says: "must be true or false"),
        .init(
            "a text as a list", "\"shared\": \"uploads\"", at: "shared", says: "must be a list, not a text"),
        .init(
            "a list as an object", "\"services\": []", at: "services", says: "must be an object, not a list"),
        .init(
            "a shell line as a command", "\"build\": [\"npm ci\"]", at: "build[0]",
            says: "must be a list, not a text"),
        .init("an empty command", "\"build\": [[\"npm\"],\n[]]", at: "build[1]", says: "is empty", line: 3),
        .init("an empty argument", "\"build\": [[\"npm\", \"\"]]", at: "build[0][1]", says: "non-empty"),
        .init("null as an argument", "\"release\": [[null]]", at: "release[0][0]", says: "not null"),
        .init(
            "a port of nothing", "\"ports\": {\"http\": 0}", at: "ports.http", says: "from 1 to 65535, not 0"),
        .init("a port too large", "\"ports\": {\"http\": 65536}", at: "ports.http", says: "not 65536"),
        .init("a negative port", "\"ports\": {\"http\": -80}", at: "ports.http", says: "not -80"),
        .init("one release kept", "\"keepReleases\": 1", at: "keepReleases", says: "from 2"),
        .init(
            "no backup kept", "\"backup\": {\"keep\": {\"last\": 0}}", at: "backup.keep.last", says: "from 1"),
        .init(
            "an unknown role", service("{\"role\": \"ap\"}"), at: "services.extra.role",
            says: "must be \"app\"", line: 3),
        .init(
            "a missing role", service("{\"command\": [\"x\"]}"), at: "services.extra.role",
            says: "is missing", line: 3),
        .init(
            "a service that is null in all", service("null}, \"services\": {"), at: "services",
            says: "written twice", line: 3),
    ]

    static let texts: [WrongDefinition] = [
        .init(
            "a shared folder in another", "\"shared\": [\"data/uploads\", \"data\"]", at: "shared[0]",
            says: "lies in \"data\""),
        .init(
            "a shared folder with an empty name", "\"shared\": [\"uploads/\"]", at: "shared[0]",
            says: "is not"),
        .init("a shared folder that is the release", "\"shared\": [\".\"]", at: "shared[0]", says: "is not"),
        .init("a shared folder with a dot", "\"shared\": [\"./a\"]", at: "shared[0]", says: "is not"),
        .init("a shared folder above", "\"shared\": [\"a/..\"]", at: "shared[0]", says: "is not"),
        .init(
            "a word of no meaning for the log", "\"front\": {\"log\": \"all\"}", at: "front.log",
            says: "must be"),
        .init(
            "a fallback that climbs", "\"front\": {\"fallback\": \"../index.html\"}", at: "front.fallback",
            says: "an .html file"),
        .init(
            "a fallback that ends a directive", "\"front\": {\"fallback\": \"a;}\\\".html\"}",
            at: "front.fallback",
            says: "an .html file"),
        .init(
            "a fallback with a variable", "\"front\": {\"fallback\": \"$uri.html\"}", at: "front.fallback",
            says: "an .html file"),
        .init(
            "a hidden fallback", "\"front\": {\"fallback\": \".git/a.html\"}", at: "front.fallback",
            says: "an .html file"),
        .init(
            "a page that is none", "\"front\": {\"errors\": {\"502\": \"errors/502\"}}",
            at: "front.errors.502",
            says: "an .html file"),
        .init(
            "a page of a status nginx does not answer", "\"front\": {\"errors\": {\"499\": \"a.html\"}}",
            at: "front.errors.499", says: "a status nginx answers"),
        .init(
            "a password itself", "\"front\": {\"password\": \"anna:x\"}", at: "front.password",
            says: "never holds a secret"),
        .init(
            "a name as an address", "\"front\": {\"listen\": [\"localhost\"]}", at: "front.listen[0]",
            says: "IPv4 or IPv6 address"),
        .init(
            "an address that ends a directive", "\"front\": {\"listen\": [\"::;\"]}", at: "front.listen[0]",
            says: "IPv4 or IPv6 address"),
        .init(
            "an address that is too large", "\"front\": {\"listen\": [\"1.2.3.256\"]}", at: "front.listen[0]",
            says: "IPv4 or IPv6 address"),
        .init(
            "an address with two gaps", "\"front\": {\"listen\": [\"1::2::3\"]}", at: "front.listen[0]",
            says: "IPv4 or IPv6 address"),
        .init(
            "an address twice", "\"front\": {\"listen\": [\"::\", \"::\"]}", at: "front.listen[1]",
            says: "twice"),
        .init(
            "a rate of nothing", "\"front\": {\"rate\": \"0/s\"}", at: "front.rate",
            says: "requests in a second"),
        .init(
            "a rate that ends a directive", "\"front\": {\"rate\": \"1/s;\"}", at: "front.rate",
            says: "requests in a second"),
        .init(
            "a header of a probe with a line break",
            "\"services\": {\"backend\": {\"health\": {\"headers\": {\"X-A\": \"a\\r\\nb\"}}}}",
            at: "services.backend.health.headers.X-A", says: "one line"),
        .init("a number as a size", "\"front\": {\"body\": 50}", at: "front.body", says: "must be"),
        .init("a number as a duration", "\"drain\": 30", at: "drain", says: "must be a duration"),
        .init("a duration without unit", "\"drain\": \"30\"", at: "drain", says: "\"30\" is not"),
        .init("a negative duration", "\"watch\": \"-5s\"", at: "watch", says: "must be a duration"),
        .init(
            "an endless duration", "\"watch\": \"99999999999999999999d\"", at: "watch",
            says: "must be a duration"),
        .init(
            "no time to become healthy", "\"services\": {\"backend\": {\"health\": {\"timeout\": \"0s\"}}}",
            at: "services.backend.health.timeout", says: "longer than nothing"),
        .init(
            "a size without unit", "\"backup\": {\"keep\": {\"within\": \"20\"}}", at: "backup.keep.within",
            says: "a size"),
        .init("a name with capitals", "\"project\": \"Shop\"", at: "project", says: "lower-case"),
        .init("a name that climbs", "\"project\": \"../x\"", at: "project", says: "lower-case"),
        .init(
            "a service name with a slash", "\"services\": {\"a/b\": {\"role\": \"data\"}}",
            at: "services[\"a/b\"]", says: "the name must be"),
        .init(
            "an absolute shared folder", "\"shared\": [\"/var\"]", at: "shared[0]", says: "inside the project"
        ),
        .init(
            "a shared folder that climbs", "\"shared\": [\"a/../../b\"]", at: "shared[0]",
            says: "inside the project"),
        .init(
            "a shared folder twice", "\"shared\": [\"a\",\n\"a\"]", at: "shared[1]", says: "twice", line: 3),
        .init("logs outside", "\"logs\": \"/var/log\"", at: "logs", says: "inside the project"),
        .init("a path like an option", "\"logs\": \"-rf\"", at: "logs", says: "inside the project"),
        .init(
            "a database outside", "\"database\": {\"file\": \"../x.db\"}", at: "database.file",
            says: "inside the project"),
        .init(
            "migrations outside", "\"migrations\": {\"directory\": \"..\"}", at: "migrations.directory",
            says: "inside the project"),
        .init(
            "no day", "\"backup\": {\"keep\": {\"daily\": 0}}", at: "backup.keep.daily", says: "must be"),
        .init(
            "a limit of no time", "\"migrations\": {\"limit\": \"0s\"}", at: "migrations.limit",
            says: "must be"),
        .init(
            "a limit without unit", "\"migrations\": {\"limit\": \"120\"}", at: "migrations.limit",
            says: "must be"),
        .init(
            "a repository that is a command", "\"source\": {\"repository\": \"ext::sh\"}",
            at: "source.repository", says: "repository"),
        .init("an address without scheme", "\"url\": \"shop.example\"", at: "url", says: "http or https"),
        .init(
            "an address of another scheme", "\"url\": \"ftp://shop.example\"", at: "url",
            says: "http or https"),
        .init("an address with a password", "\"url\": \"http://a:b@c\"", at: "url", says: "without user"),
        .init(
            "a header with a line break", "\"headers\": {\"X-A\": \"a\\r\\nB: c\"}", at: "headers.X-A",
            says: "one line"),
        .init(
            "a header with a quote", "\"headers\": {\"X-A\": \"a\\\"; b\"}", at: "headers.X-A",
            says: "double quote"),
        .init(
            "a header name with a space", "\"headers\": {\"X A\": \"a\"}", at: "headers[\"X A\"]",
            says: "name of a header"),
        .init(
            "a route with a semicolon", "\"services\": {\"front\": {\"routes\": {\"/\": \"a;b\"}}}",
            at: "services.front.routes[\"/\"]", says: "folder of the release"),
        .init(
            "a route that climbs", "\"services\": {\"front\": {\"routes\": {\"/\": \"../x\"}}}",
            at: "services.front.routes[\"/\"]", says: "folder of the release"),
        .init(
            "a route path without slash", "\"services\": {\"front\": {\"routes\": {\"api\": \"public\"}}}",
            at: "services.front.routes.api", says: "/ first"),
        .init(
            "a branch like an option", "\"branches\": [\"--all\"]", at: "branches[0]", says: "a branch name"),
        .init(
            "another confirmation mode", "\"confirmation\": {\"nonInteractive\": \"always\"}",
            at: "confirmation.nonInteractive", says: "\"phrase\""),
        .init(
            "a phrase nobody can type", "\"confirmation\": {\"phrase\": \" GO\"}", at: "confirmation.phrase",
            says: "can type"),
        .init(
            "an unknown subject", "\"sharedOnPurpose\": [\"netwrok\"]", at: "sharedOnPurpose[0]",
            says: "one of url, user, network"),
        .init(
            "an account with a colon", "\"user\": \"shop:root\"", at: "user", says: "the name of an account"),
        .init(
            "compose without its file",
            "\"runtime\": \"compose\", \"services\": {\"backend\": {\"command\": null}}", at: "runtime.file",
            says: "is missing"),
        .init(
            "a Compose file for processes", "\"runtime\": {\"kind\": \"process\", \"file\": \"compose.yml\"}",
            at: "runtime.file", says: "no meaning"),
        .init("an unknown runtime", "\"runtime\": \"proces\"", at: "runtime", says: "must be \"process\""),
        .init(
            "an unknown strategy", "\"runtime\": {\"strategy\": \"bluegreen\"}", at: "runtime.strategy",
            says: "blue-green"),
        .init(
            "a server's database without a name",
            "\"database\": {\"engine\": \"mysql\", \"file\": null, \"user\": \"shop\"}", at: "database.name",
            says: "is missing"),
        .init(
            "a server's database without a user",
            "\"database\": {\"engine\": \"postgresql\", \"file\": null, \"name\": \"shop\"}",
            at: "database.user", says: "is missing"),
        .init(
            "a database name that leaves no room for copies",
            "\"database\": {\"engine\": \"mysql\", \"file\": null, \"user\": \"shop\", \"name\": \"\(String(repeating: "n", count: 38))\"}",
            at: "database.name", says: "limit"),
        .init(
            "a database in a service that is none",
            "\"database\": {\"engine\": \"mysql\", \"file\": null, \"user\": \"shop\", \"name\": \"shop\", \"service\": \"database\"}",
            at: "database.service", says: "names no data service"),
    ]
}

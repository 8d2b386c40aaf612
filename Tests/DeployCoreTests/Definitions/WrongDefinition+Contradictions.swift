extension WrongDefinition {
    static let secrets: [WrongDefinition] = [
        .init(
            "a secret written down", "\"secrets\": {\"JWT\": \"abc\"}", at: "secrets.JWT",
            says: "never holds a secret"),
        .init(
            "a secret from nowhere", "\"secrets\": {\"JWT\": {}}", at: "secrets.JWT", says: "says not where"),
        .init(
            "a secret from two places", "\"secrets\": {\"JWT\": {\"env\": \"A\", \"file\": \"b\"}}",
            at: "secrets.JWT",
            says: "one place only"),
        .init(
            "a secret of the tool", "\"secrets\": {\"DEPLOYCTL_X\": {\"env\": \"A\"}}",
            at: "secrets.DEPLOYCTL_X", says: "the name must be"),
        .init(
            "a secret called PORT", "\"secrets\": {\"PORT\": {\"env\": \"A\"}}", at: "secrets.PORT",
            says: "the name must be"),
        .init(
            "a secret with a dash", "\"secrets\": {\"j-wt\": {\"env\": \"A\"}}", at: "secrets.j-wt",
            says: "letters, digits and _"),
        .init(
            "a variable that is set already", "\"variables\": {\"DATABASE_HOST\": \"x\"}",
            at: "variables.DATABASE_HOST", says: "not a variable deployctl sets itself"),
        .init(
            "a variable that loads code", "\"variables\": {\"LD_PRELOAD\": \"app/lib.so\"}",
            at: "variables.LD_PRELOAD", says: "loads code"),
        .init(
            "everybody as a proxy", "\"front\": {\"trust\": [\"10.0.0.0/8\", \"0.0.0.0/0\"]}",
            at: "front.trust[1]", says: "any of them could claim any address"),
        .init(
            "everybody as a proxy, in two halves", "\"front\": {\"trust\": [\"128.0.0.0/1\"]}",
            at: "front.trust[0]", says: "any of them could claim any address"),
        .init(
            "everybody with a long address as a proxy",
            "\"front\": {\"trust\": [\"fc00::/7\", \"2000::/3\"]}",
            at: "front.trust[1]", says: "any of them could claim any address"),
        .init(
            "a network narrower than an address", "\"front\": {\"trust\": [\"10.0.0.1/33\"]}",
            at: "front.trust[0]", says: "more leading bits"),
        .init(
            "a variable that is a secret",
            "\"variables\": {\"A\": \"x\"}, \"secrets\": {\"A\": {\"env\": \"A\"}}", at: "variables.A",
            says: "is a secret too"),
        .init(
            "an address of nobody", "\"variables\": {\"A\": \"{address:nobody}\"}", at: "variables.A",
            says: "no app service that listens"),
        .init(
            "a variable with a dash", "\"secrets\": {\"JWT\": {\"env\": \"A-B\"}}", at: "secrets.JWT.env",
            says: "variable"),
        .init(
            "a secret by an unknown way", "\"secrets\": {\"JWT\": {\"env\": \"A\", \"vault\": \"x\"}}",
            at: "secrets.JWT.vault", says: "unknown key"),
        .init(
            "a secret by an empty command", "\"secrets\": {\"JWT\": {\"command\": []}}",
            at: "secrets.JWT.command", says: "is empty"),
    ]

    static let contradictions: [WrongDefinition] = [
        .init(
            "an app without command", "\"services\": {\"x\":\n{\"role\": \"app\"}}", at: "services.x.command",
            says: "is missing", line: 3),
        .init(
            "an app with routes", "\"services\": {\"backend\": {\n\"routes\": {\"/\": \"public\"}}}",
            at: "services.backend.routes", says: "no meaning for an app service", line: 3),
        .init(
            "a second edge", "\"services\": {\n\"x\": {\"role\": \"edge\", \"routes\": {\"/\": \"public\"}}}",
            at: "services.x", says: "second edge", line: 3),
        .init(
            "an edge without routes", "\"services\": {\"front\": {\"routes\": null}}",
            at: "services.front.routes", says: "is missing"),
        .init(
            "an edge with a command", "\"services\": {\"front\": {\"command\": [\"nginx\"]}}",
            at: "services.front.command", says: "no meaning for an edge"),
        .init(
            "a data service with a command",
            "\"services\": {\"x\": {\"role\": \"data\", \"command\": [\"x\"]}}",
            at: "services.x.command", says: "no meaning for a data service"),
        .init(
            "a route to a data service",
            "\"services\": {\"x\": {\"role\": \"data\"},\n\"front\": {\"routes\": {\"/x\": \"x\"}}}",
            at: "services.front.routes[\"/x\"]", says: "no app service that listens", line: 3),
        .init(
            "a stripped route to nobody",
            "\"services\": {\"front\": {\"routes\": {\n\"/x\": {\"service\": \"nobody\", \"strip\": true}}}}",
            at: "services.front.routes[\"/x\"]", says: "no app service that listens", line: 3),
        .init(
            "a route without its service",
            "\"services\": {\"front\": {\"routes\": {\n\"/x\": {\"strip\": true}}}}",
            at: "services.front.routes[\"/x\"].service", says: "missing", line: 3),
        .init(
            "health of a worker",
            "\"services\": {\"x\": {\"role\": \"app\", \"command\": [\"x\"], \"listen\": \"none\",\n\"health\": {\"path\": \"/\"}}}",
            at: "services.x.health", says: "listens on nothing", line: 3),
        .init(
            "health without path",
            "\"services\": {\"x\": {\"role\": \"app\", \"command\": [\"x\"],\n\"health\": {}}}",
            at: "services.x.health.path", says: "is missing", line: 3),
        .init(
            "a port of no service", "\"ports\": {\n\"backnd\": 5000}", at: "ports.backnd",
            says: "names no service", line: 3),
        .init(
            "a port of the edge", "\"ports\": {\"front\": 5000}", at: "ports.front", says: "no app service"),
        .init(
            "one number for two ports", "\"ports\": {\"http\": 80,\n\"backend\": 80}", at: "ports.backend",
            says: "also the port of \"http\"", line: 3),
        .init(
            "https without certificate", "\"ports\": {\"https\": 443}", at: "ports.https",
            says: "needs a certificate"),
        .init(
            "a certificate without https", "\"tls\": {\"certificate\": \"c\", \"key\": \"k\"}", at: "tls",
            says: "needs \"https\""),
        .init(
            "a certificate without key", "\"ports\": {\"https\": 443},\n\"tls\": {\"certificate\": \"c\"}",
            at: "tls.key",
            says: "is missing", line: 3),
        .init(
            "an authority beside a certificate",
            "\"url\": \"https://a.b\", \"ports\": {\"http\": 80, \"https\": 443},\n\"tls\": {\"key\": \"k\", \"acme\": {\"email\": \"a@b.c\"}}",
            at: "tls.key", says: "stands beside \"acme\"", line: 3),
        .init(
            "an authority without a host",
            "\"url\": \"http://localhost\", \"ports\": {\"http\": 80, \"https\": 443},\n\"tls\": {\"acme\": {\"email\": \"a@b.c\"}}",
            at: "tls.acme", says: "needs a host in \"url\"", line: 3),
        .init(
            "an authority without a plain port",
            "\"url\": \"https://a.b\", \"ports\": {\"https\": 443},\n\"tls\": {\"acme\": {\"email\": \"a@b.c\"}}",
            at: "tls.acme", says: "needs \"http\"", line: 3),
        .init(
            "an authority for a name without a dot",
            "\"hosts\": [\"shop.example\", \"localhost\"],\n\"tls\": {\"acme\": {\"email\": \"a@b.c\"}}",
            at: "hosts", says: "holds localhost, for which no authority can vouch"),
        .init(
            "an authority in the open",
            "\"url\": \"https://a.b\", \"ports\": {\"http\": 80, \"https\": 443},\n\"tls\": {\"acme\": {\"email\": \"a@b.c\", \"directory\": \"http://a.b\"}}",
            at: "tls.acme.directory", says: "no https address", line: 3),
        .init(
            "sqlite without file", "\"database\": {\"file\": null}", at: "database.file", says: "is missing"),
        .init(
            "sqlite with a user", "\"database\": {\"user\": \"u\"}", at: "database.user", says: "only a file"),
        .init(
            "a database without engine", "\"database\": {\"engine\": null}", at: "database.engine",
            says: "is missing"),
        .init(
            "migrations of two kinds", "\"migrations\": {\"command\": [\"m\"]}", at: "migrations.directory",
            says: "stands beside", line: 7
        ).inBase,
        .init(
            "a limit without migrations", "\"migrations\": {\"directory\": null, \"limit\": \"2m\"}",
            at: "migrations", says: "says not how to migrate"),
        .init(
            "migrations of no kind", "\"migrations\": {\"directory\": null}", at: "migrations",
            says: "says not how"),
        .init(
            "a status without command", "\"migrations\": {\"status\": [\"m\"]}", at: "migrations.status",
            says: "belongs to \"command\""),
    ]

    /// The same case, found in the base file.
    private var inBase: WrongDefinition {
        var copy = self
        copy.file = "base.json"
        return copy
    }
}

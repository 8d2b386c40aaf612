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
            "a secret in small letters", "\"secrets\": {\"jwt\": {\"env\": \"A\"}}", at: "secrets.jwt",
            says: "capital letters"),
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

    static let included: [WrongDefinition] = [
        .init(
            "a folder in the backup that is not shared",
            "\"shared\": [\"uploads\"], \"backup\": {\"include\": [\"database\", \"upload\"]}",
            at: "backup.include", says: "no shared folder"),
        .init(
            "a backup of files without their rows",
            "\"shared\": [\"uploads\"], \"backup\": {\"include\": [\"uploads\"]}",
            at: "backup.include", says: "leaves the database out"),
        .init(
            "the database's file as a folder",
            "\"shared\": [\"data\"], \"database\": {\"file\": \"data/app.db\"}, "
                + "\"backup\": {\"include\": [\"database\", \"data\"]}",
            at: "backup.include", says: "the folder of the database's file"),
    ]

    static let copied: [WrongDefinition] = [
        .init(
            "a copy of nothing", "\"backup\": {\"copy\": [[\"rclone\", \"sync\", \".\"]]}",
            at: "backup.copy[0]", says: "does not name {backup}"),
        .init(
            "a copy with an unknown word", "\"backup\": {\"copy\": [[\"cp\", \"{backup}\", \"{day}\"]]}",
            at: "backup.copy[0]", says: "{day} stands for nothing"),
        .init(
            "a copy into the folder of the fetch",
            "\"backup\": {\"copy\": [[\"cp\", \"{backup}\", \"{folder}\"]]}",
            at: "backup.copy[0]", says: "{folder} stands for nothing"),
        .init(
            "a fetch that fills nothing",
            "\"backup\": {\"copy\": [{\"command\": [\"cp\", \"{backup}\"], \"fetch\": [\"cp\", \"x\"]}]}",
            at: "backup.copy[0].fetch", says: "does not name {folder}"),
        .init(
            "a copy without command", "\"backup\": {\"copy\": [{\"required\": false}]}",
            at: "backup.copy[0].command", says: "is missing"),
        .init(
            "a copy as a text", "\"backup\": {\"copy\": [\"rclone copy\"]}", at: "backup.copy[0]",
            says: "a list of arguments, or an object"),
    ]

    static let encrypted: [WrongDefinition] = [
        .init(
            "age without identity",
            "\"backup\": {\"encrypt\": {\"with\": \"age\", \"recipients\": [\"age1x\"]}}",
            at: "backup.encrypt.identity", says: "is missing"),
        .init(
            "gpg with identity",
            "\"backup\": {\"encrypt\": {\"with\": \"gpg\", \"recipients\": [\"A1\"], \"identity\": \"x\"}}",
            at: "backup.encrypt.identity", says: "is for age"),
        .init(
            "encryption for nobody", "\"backup\": {\"encrypt\": {\"with\": \"gpg\", \"recipients\": []}}",
            at: "backup.encrypt.recipients", says: "is empty"),
        .init(
            "a recipient that is an option",
            "\"backup\": {\"encrypt\": {\"with\": \"gpg\", \"recipients\": [\"--output\"]}}",
            at: "backup.encrypt.recipients[0]", says: "not beginning with a hyphen"),
        .init(
            "an unknown cipher program",
            "\"backup\": {\"encrypt\": {\"with\": \"zip\", \"recipients\": [\"x\"]}}",
            at: "backup.encrypt.with", says: "must be"),
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
            "sqlite without file", "\"database\": {\"file\": null}", at: "database.file", says: "is missing"),
        .init(
            "sqlite with a user", "\"database\": {\"user\": \"u\"}", at: "database.user", says: "only a file"),
        .init(
            "a database without engine", "\"database\": {\"engine\": null}", at: "database.engine",
            says: "is missing"),
        .init(
            "fresh without migrations",
            "\"migrations\": null,\n\"database\": {\"fresh\": {\"from\": \"migrations\"}}",
            at: "database.fresh", says: "needs migrations", line: 3),
        .init(
            "fresh where releases are promoted to",
            "\"promotion\": {\"from\": \"staging\"}, \"database\": {\"fresh\": {\"from\": \"migrations\"}}",
            at: "database.fresh", says: "would empty", environment: "production"),
        .init(
            "fresh from production without a word on masking",
            "\"database\": {\"fresh\": {\"from\": \"production\"}}",
            at: "database.fresh.masked", says: "must not arrive by accident"),
        .init(
            "fresh from nowhere", "\"database\": {\"fresh\": {\"from\": \"producton\", \"masked\": []}}",
            at: "database.fresh.from", says: "there is no environment \"producton\""),
        .init(
            "fresh from itself", "\"database\": {\"fresh\": {\"from\": \"staging\", \"masked\": []}}",
            at: "database.fresh.from", says: "itself"),
        .init(
            "fresh from a file outside", "\"database\": {\"fresh\": {\"from\": \"../seed.sql\"}}",
            at: "database.fresh.from", says: "the path of a .sql file"),
        .init(
            "fresh from a number", "\"database\": {\"fresh\": {\"from\": 5}}",
            at: "database.fresh.from", says: "not a number"),
        .init(
            "fresh without from", "\"database\": {\"fresh\": {}}", at: "database.fresh.from",
            says: "is missing"),
        .init(
            "masked columns that nothing masks",
            "\"database\": {\"fresh\": {\"from\": \"production\",\n\"masked\": [\"users.email\"]}}",
            at: "database.fresh.masked", says: "nothing would mask", line: 3),
        .init(
            "a mask that is no file of SQL",
            "\"database\": {\"fresh\": {\"from\": \"production\", \"masked\": [], \"mask\": [\"mask.py\"]}}",
            at: "database.fresh.mask[0]", says: "a .sql file"),
        .init(
            "a masked table without a column",
            "\"database\": {\"fresh\": {\"from\": \"production\", \"mask\": [\"m.sql\"], \"masked\": [\"users\"]}}",
            at: "database.fresh.masked[0]", says: "a table and a column"),
        .init(
            "masked columns that are no list",
            "\"database\": {\"fresh\": {\"from\": \"production\", \"mask\": [\"m.sql\"], \"masked\": \"users.email\"}}",
            at: "database.fresh.masked", says: "must be a list"),
        .init(
            "a mask for a seed",
            "\"database\": {\"fresh\": {\"from\": \"seed.sql\", \"mask\": [\"m.sql\"]}}",
            at: "database.fresh.mask", says: "only for another environment's backup"),
        .init(
            "an unknown key of fresh",
            "\"database\": {\"fresh\": {\"from\": \"migrations\", \"maskd\": []}}",
            at: "database.fresh.maskd", says: "nearest known key is \"mask"),
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
        .init(
            "promotion from itself", "\"promotion\": {\"from\": \"staging\"}", at: "promotion.from",
            says: "itself"),
        .init(
            "promotion from nowhere", "\"promotion\": {\"from\": \"stagin\"}", at: "promotion.from",
            says: "there is no environment \"stagin\"", environment: "production"),
        .init(
            "an automatic promotion", "\"promotion\": {\"from\": \"staging\", \"trigger\": \"automatic\"}",
            at: "promotion.trigger", says: "without anybody looking", environment: "production"),
        .init(
            "a soak of nothing", "\"promotion\": {\"from\": null, \"soak\": \"5m\"}", at: "promotion.soak",
            says: "needs an environment", environment: "production"),
        .init(
            "an unknown check", "\"promotion\": {\"from\": \"staging\", \"checks\": [\"login\"]}",
            at: "promotion.checks[0]", says: "there is no check \"login\"", environment: "production"),
        .init(
            "a check of nothing", "\"checks\": [{\"name\": \"a\"}]", at: "checks[0].request",
            says: "is missing"),
        .init(
            "a check of two kinds",
            "\"checks\": [{\"name\": \"a\", \"request\": \"GET /\", \"steps\": [{\"request\": \"GET /\"}]}]",
            at: "checks[0].request", says: "stands beside"),
        .init(
            "a request without a path", "\"checks\": [{\"name\": \"a\", \"request\": \"GET\"}]",
            at: "checks[0].request", says: "a method and a path"),
        .init(
            "a freeze that ends before it begins",
            "\"promotion\": {\"from\": \"staging\", \"freezes\": [{\"from\": \"2026-01-02T00:00:00Z\", \"to\": \"2026-01-01T00:00:00Z\", \"reason\": \"r\"}]}",
            at: "promotion.freezes[0].to", says: "is not after", environment: "production"),
        .init(
            "an error rate above one",
            "\"promotion\": {\"from\": \"staging\", \"slo\": {\"errorRate\": 1.5}}",
            at: "promotion.slo.errorRate",
            says: "a number from 0 to 1", environment: "production"),
        .init(
            "promotion without origin", "\"promotion\": {}", at: "promotion.from", says: "is missing",
            environment: "production"),
    ]

    static let inheritance: [WrongDefinition] = [
        .init(
            "an unknown key written in both files", text: "{\"extends\": \"a.json\",\n\n\"notify\": 1}",
            line: 3,
            at: "notify", says: "unknown key", others: ["a.json": "{\"project\": \"shop\", \"notify\": 2}"]),
        .init(
            "a wrong extends in an extended file", text: "{\"extends\": \"a.json\"}", line: 2, at: "extends",
            says: "not a number", file: "a.json",
            others: ["a.json": "{\"project\": \"shop\",\n\"extends\": 5}"]),
        .init(
            "a cascade two files up", text: "{\"extends\": \"sub/a.json\"}", line: 4, at: "logs",
            says: "inside the project", file: "sub/b.json",
            others: [
                "sub/a.json": "{\"extends\": \"b.json\"}",
                "sub/b.json": "{\"project\": \"shop\",\n\n\n\"logs\": \"\"}",
            ]),

        .init(
            "extends of a missing file", text: "{\n\"extends\": \"bas.json\"}", line: 2, at: "extends",
            says: "there is no file environments/bas.json"),
        .init(
            "extends of itself", text: "{\n\"extends\": \"./staging.json\"}", line: 2, at: "extends",
            says: "extends this file again"),
        .init(
            "extends that climbs", text: "{\"project\": \"shop\",\n\"extends\": \"../base.json\"}", line: 2,
            at: "extends", says: "inside the project"),
        .init(
            "extends of two files", text: "{\"project\": \"shop\",\n\"extends\": [\"base.json\"]}", line: 2,
            at: "extends", says: "not a list"),
        .init(
            "a circle of extends", text: "{\"extends\": \"a.json\"}", line: 3, at: "extends", says: "again",
            file: "a.json", others: ["a.json": "{\n\n\"extends\": \"staging.json\"}"]),
        .init(
            "a mistake in an extended file", text: "{\"extends\": \"a.json\"}", line: 2, at: "drain",
            says: "must be a duration", file: "a.json",
            others: ["a.json": "{\"project\": \"shop\",\n\"drain\": 1}"]),
        .init(
            "a syntax error in an extended file", text: "{\"extends\": \"a.json\"}", line: 3, at: "project",
            says: "a value",
            file: "a.json", others: ["a.json": "{\"project\":\n\n}"]),
        .init(
            "a mistake merged into an extended object",
            text: "{\"extends\": \"base.json\", \"database\":\n\n{\"port\": 1}}", line: 3,
            at: "database.port", says: "only a file"),
    ]

    /// The same case, found in the base file.
    private var inBase: WrongDefinition {
        var copy = self
        copy.file = "base.json"
        return copy
    }
}

extension WrongDefinition {
    static let inheritance: [WrongDefinition] = [
        .init(
            "an unknown key written in both files", text: "{\"extends\": \"a.json\",\n\n\"previews\": 1}",
            line: 3,
            at: "previews", says: "unknown key",
            others: ["a.json": "{\"project\": \"shop\", \"previews\": 2}"]),
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
}

extension WrongDefinition {
    private static func files(_ path: String, _ more: String = "") -> String {
        "\"files\": {\"\(path)\": {\"file\": \".secrets/one\"}}\(more)"
    }

    static let linked: [WrongDefinition] = [
        .init(
            "a linked file outside the release", files("../.env"), at: #"files["../.env"]"#,
            says: "inside the project"),
        .init(
            "a linked file at an absolute path", files("/etc/x"), at: #"files["/etc/x"]"#,
            says: "inside the project"),
        .init(
            "a linked file for deployctl's own", files("REVISION"), at: "files.REVISION", says: "uses itself"),
        .init(
            "a linked file inside git's folder", files(".git/x"), at: #"files[".git/x"]"#, says: "uses itself"
        ),
        .init(
            "a linked file in a shared folder", files("up/x", ", \"shared\": [\"up\"]"),
            at: #"files["up/x"]"#, says: "is a shared folder"),
        .init(
            "a linked file around a shared folder", files("up", ", \"shared\": [\"up/x\"]"),
            at: "files.up", says: "is a shared folder"),
        .init(
            "a linked file among the migrations",
            files("db/x.sql", ", \"migrations\": {\"directory\": \"db\"}"),
            at: #"files["db/x.sql"]"#, says: "part of the release"),
        .init(
            "a linked file in another one",
            "\"files\": {\"a\": {\"file\": \"x\"}, \"a/b\": {\"file\": \"y\"}}",
            at: #"files["a/b"]"#, says: "which is a linked file"),
        .init(
            "a linked file from nowhere", "\"files\": {\".env\": {}}", at: #"files[".env"].file"#,
            says: "missing"),
        .init(
            "a linked file in a container",
            "\"runtime\": {\"kind\": \"compose\", \"file\": \"c.yml\"}, \"services\": {\"backend\": {\"command\": null}}, "
                + files(".env"),
            at: #"files[".env"]"#, says: "inside a container"),
    ]
}

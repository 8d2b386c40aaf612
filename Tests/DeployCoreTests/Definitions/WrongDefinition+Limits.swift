extension WrongDefinition {
    private static func services(_ services: String) -> String { "\"services\": {\(services)}" }

    static let limited: [WrongDefinition] = [
        .init(
            "memory without a unit", services(#""backend": {"limits": {"memory": "512"}}"#),
            at: "services.backend.limits.memory", says: "a size of at least 4MiB"),
        .init(
            "memory in which nothing starts", services(#""backend": {"limits": {"memory": "1kB"}}"#),
            at: "services.backend.limits.memory", says: "a size of at least 4MiB"),
        .init(
            "no processor at all", services(#""backend": {"limits": {"cpu": 0}}"#),
            at: "services.backend.limits.cpu", says: "a number from 0.01 to 1024"),
        .init(
            "no process at all", #""limits": {"processes": 0}"#, at: "limits.processes",
            says: "a whole number from 1 to 4194304"),
        .init(
            "more than there is for all",
            #""limits": {"memory": "1GB"}, "# + services(#""backend": {"limits": {"memory": "1GiB"}}"#),
            at: "services.backend.limits.memory", says: "more than the whole environment may have"),
        .init(
            "limits of the edge", services(#""front": {"limits": {"cpu": 1}}"#),
            at: "services.front.limits", says: "no meaning for a service that deployctl does not start"),
        .init(
            "limits of all containers together",
            #""runtime": {"kind": "compose", "file": "c.yml"}, "limits": {"cpu": 1}, "#
                + services(#""backend": {"command": null}"#),
            at: "limits", says: "for services that run as processes"),
        .init(
            "a package that apt would take away", #""packages": ["libpq5", "nginx-"]"#, at: "packages[1]",
            says: "the name of a Debian package"),
        .init(
            "a package like an option", #""packages": ["--purge"]"#, at: "packages[0]",
            says: "the name of a Debian package"),
        .init(
            "a package twice", #""packages": ["libpq5", "libpq5"]"#, at: "packages[1]", says: "twice"),
    ]
}

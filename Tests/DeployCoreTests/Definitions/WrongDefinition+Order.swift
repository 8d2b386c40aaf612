extension WrongDefinition {
    private static func services(_ services: String) -> String { "\"services\": {\(services)}" }

    static let ordered: [WrongDefinition] = [
        .init(
            "a service after itself", services(#""backend": {"after": ["backend"]}"#),
            at: "services.backend.after[0]", says: "is the service itself"),
        .init(
            "a service after nobody", services(#""backend": {"after": ["users"]}"#),
            at: "services.backend.after[0]", says: "names no app service"),
        .init(
            "a service after the edge", services(#""backend": {"after": ["front"]}"#),
            at: "services.backend.after[0]", says: "names no app service"),
        .init(
            "services that wait for each other",
            services(
                #""backend": {"after": ["users"]}, "users": {"role": "app", "command": ["u"], "after": ["mail"]}, "mail": {"role": "app", "command": ["m"], "after": ["backend"]}"#
            ), at: "services.backend.after",
            says: "waits for itself: backend after users after mail after backend"),
        .init(
            "a signal that asks nobody", services(#""backend": {"stop": {"signal": "KILL"}}"#),
            at: "services.backend.stop.signal", says: "\"TERM\""),
        .init(
            "no time to end", services(#""backend": {"stop": {"timeout": "0s"}}"#),
            at: "services.backend.stop.timeout", says: "duration"),
        .init(
            "an order of containers",
            #""runtime": {"kind": "compose", "file": "c.yml"}, "#
                + services(
                    #""backend": {"command": null, "after": ["users"]}, "users": {"role": "app"}"#),
            at: "services.backend.after", says: "\"depends_on\""),
        .init(
            "a container's way to end",
            #""runtime": {"kind": "compose", "file": "c.yml"}, "#
                + services(#""backend": {"command": null, "stop": {"signal": "INT"}}"#),
            at: "services.backend.stop", says: "\"stop_signal\""),
        .init(
            "an edge that may not overlap", services(#""front": {"overlap": false}"#),
            at: "services.front.overlap", says: "no meaning for an edge"),
        .init(
            "connections of nothing",
            services(#""mailer": {"role": "app", "command": ["m"], "listen": "none", "keepAlive": false}"#),
            at: "services.mailer.keepAlive", says: "listens on nothing"),
        .init(
            "an edge's own connections", services(#""front": {"keepAlive": false}"#),
            at: "services.front.keepAlive", says: "no meaning for an edge"),
    ]
}

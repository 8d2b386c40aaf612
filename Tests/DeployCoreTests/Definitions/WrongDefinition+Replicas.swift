extension WrongDefinition {
    private static func services(_ services: String) -> String { "\"services\": {\(services)}" }

    static let replicated: [WrongDefinition] = [
        .init(
            "no replica", services(#""backend": {"replicas": 0}"#), at: "services.backend.replicas",
            says: "from 1 to 64"),
        .init(
            "replicas of which never two may run", services(#""backend": {"replicas": 2, "overlap": false}"#),
            at: "services.backend.replicas", says: "contradicts \"overlap\": false"),
        .init(
            "replicas of an edge", services(#""front": {"replicas": 2}"#), at: "services.front.replicas",
            says: "no meaning for an edge"),
        .init(
            "replicas that speak FastCGI",
            services(
                #""backend": {"replicas": 2, "protocol": "fastcgi", "root": "public", "listen": "socket"}"#),
            at: "services.backend.replicas", says: "workers of its own"),
        .init(
            "replicas of a container",
            #""runtime": {"kind": "compose", "file": "c.yml"}, "#
                + services(#""backend": {"command": null, "replicas": 2}"#),
            at: "services.backend.replicas", says: "run as processes"),
        .init(
            "the address of several",
            #""variables": {"BACKEND": "http://{address:backend}"}, "#
                + services(#""backend": {"replicas": 2}"#),
            at: "variables.BACKEND", says: "no address of its own"),
    ]
}

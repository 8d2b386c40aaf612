@testable import DeployCore

extension WrongDefinition {
    private static func swarm(_ name: String, _ change: String, at path: String, says: String)
        -> WrongDefinition
    {
        .init(
            name,
            text:
                "{\"project\": \"shop\", \"runtime\": {\"kind\": \"swarm\", \"file\": \"c.yml\", \"registry\": \"r.example/shop\"},\n\(change)}",
            line: 2, at: path, says: says)
    }

    private static func runtime(_ name: String, _ runtime: String, _ key: String, _ says: String)
        -> WrongDefinition
    {
        .init(
            name, text: "{\"project\": \"shop\",\n\"runtime\": \(runtime)}", line: 2, at: "runtime.\(key)",
            says: says)
    }

    private static let oneMachine = "lies on one machine"

    static let spread: [WrongDefinition] =
        [
            runtime(
                "a swarm without a Compose file", #"{"kind": "swarm", "registry": "r.example"}"#, "file",
                "is missing; swarm needs it"),
            runtime(
                "a swarm without a registry", #"{"kind": "swarm", "file": "c.yml"}"#, "registry",
                "is missing; every machine"),
            runtime(
                "a registry of one machine's containers",
                #"{"kind": "compose", "file": "c.yml", "registry": "r.example"}"#, "registry",
                "for the swarm runtime only"),
            swarm(
                "a database in a file of one machine", #""database": {"engine": "sqlite", "file": "d/a.db"}"#,
                at: "database.engine", says: "is a file of one machine"),
            swarm(
                "a database at no host", #""database": {"engine": "mysql", "name": "shop", "user": "shop"}"#,
                at: "database.host", says: "is missing"),
            swarm(
                "a database at each machine itself",
                #""database": {"engine": "mysql", "name": "shop", "user": "shop", "host": "127.0.0.1"}"#,
                at: "database.host", says: "is each machine itself"),
        ]
        + ["https://r.example", "r.example/", "R.example", "r.example:0", "r.example/a b"].map {
            runtime(
                "the registry \($0)", "{\"kind\": \"swarm\", \"file\": \"c.yml\", \"registry\": \"\($0)\"}",
                "registry", "a registry with an optional path")
        }
        + [
            ("shared[0]", #""shared": ["uploads"]"#), ("features", #""features": {"new": true}"#),
            ("volumes", #""volumes": ["data"]"#),
        ]
        .map { swarm("\($0.0) of several machines", $0.1, at: $0.0, says: oneMachine) }
        + [
            swarm(
                "a folder beside one that the front serves",
                #""shared": ["news", "uploads"], "services": {"front": {"role": "edge", "routes": {"/": "news/today"}}}"#,
                at: "shared[1]", says: oneMachine)
        ]
}

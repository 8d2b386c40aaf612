@testable import DeployCore

extension WrongDefinition {
    private static func tool(
        _ name: String, _ change: String, at path: String, says: String, stopping: Bool = true
    ) -> WrongDefinition {
        let stop = stopping ? #", "stop": ["t"]"# : ""
        return .init(
            name,
            text:
                "{\"project\": \"shop\", \"runtime\": {\"kind\": \"command\", \"deploy\": [\"d\"], \"status\": [\"s\"]\(stop)},\n\(change)}",
            line: 2, at: path, says: says)
    }

    private static func runtime(
        _ name: String, _ runtime: String, _ key: String, _ says: String
    ) -> WrongDefinition {
        .init(
            name, text: "{\"project\": \"shop\",\n\"runtime\": \(runtime)}", line: 2, at: "runtime.\(key)",
            says: says)
    }

    private static func whole(_ more: String) -> String {
        #"{"kind": "command", "deploy": ["d"], "status": ["s"], \#(more)}"#
    }

    private static let nowhere = "no meaning where the project's own tool runs the services"

    static let handed: [WrongDefinition] =
        [
            runtime(
                "a tool that only deploys", #"{"kind": "command", "deploy": ["d"]}"#, "status", "is missing"),
            runtime(
                "a tool that only looks", #"{"kind": "command", "status": ["s"]}"#, "deploy", "is missing"),
            runtime(
                "a tool beside processes", #"{"kind": "process", "deploy": ["d"]}"#, "deploy",
                "for the command runtime only"),
            runtime(
                "a strategy of a tool", whole(#""strategy": "recreate""#), "strategy",
                "no meaning for the command runtime"),
            runtime(
                "a strategy that is not written", #"{"strategy": "own-tool"}"#, "strategy", "blue-green"),
            runtime(
                "a Compose file of a tool", whole(#""file": "c.yml""#), "file",
                "no meaning for the command runtime"),
            runtime(
                "a port for a tool", #"{"kind": "command", "deploy": ["d", "{port}"], "status": ["s"]}"#,
                "deploy[1]",
                "deployctl gives none"),
            runtime(
                "a slip in what a tool is told", whole(#""stop": ["t", "--app=shop-{enviroment}"]"#),
                "stop[1]",
                "{enviroment} stands for nothing here"),
            runtime(
                "an end without a range", whole(#""logs": ["l", "{end}"]"#), "logs[1]",
                "stands for nothing here"),
            runtime("a tool that takes no time", whole(#""timeout": "0s""#), "timeout", "must be"),
            tool(
                "a command beside the tool's", #""services": {"web": {"role": "app", "command": ["x"]}}"#,
                at: "services.web.command", says: nowhere),
            tool(
                "replicas of a tool's service", #""services": {"web": {"role": "app", "replicas": 2}}"#,
                at: "services.web.replicas", says: nowhere),
            tool(
                "an edge before a tool", #""services": {"web": {"role": "edge"}}"#, at: "services.web.role",
                says: nowhere),
            tool(
                "a load on a tool", #""promotion": {"from": "production", "slo": {}}"#, at: "promotion.slo",
                says: nowhere),
            tool(
                "a database that nothing lets go of", #""database": {"engine": "sqlite", "file": "d/a.db"}"#,
                at: "database", says: "nothing stops that", stopping: false),
        ]
        + [
            ("shared", #"["uploads"]"#), ("ports", #"{"http": 80}"#), ("drain", #""30s""#),
            ("hosts", #"["shop.example"]"#), ("features", #"{"new": true}"#), ("network", #""net""#),
            ("volumes", #"["v"]"#), ("headers", #"{"A": "b"}"#), ("front", #"{"gzip": true}"#),
            ("limits", #"{"memory": "1GB"}"#),
        ].map { tool("\($0.0) of a tool", "\"\($0.0)\": \($0.1)", at: $0.0, says: nowhere) }
}

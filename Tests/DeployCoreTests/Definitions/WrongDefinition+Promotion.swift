extension WrongDefinition {
    static let promotions: [WrongDefinition] = [
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
}

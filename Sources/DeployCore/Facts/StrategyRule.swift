/// How a new release takes the place of the old, by the definition and by whether nginx is on this machine.
enum StrategyRule {
    /// Whether or not this machine can do it.
    static func meant(by environment: Environment, hasNginx: Bool) -> Environment.Runtime.Strategy {
        environment.runtime.strategy
            ?? (hasNginx && (!environment.ports.isEmpty || !environment.hosts.isEmpty)
                ? .blueGreen : .recreate)
    }

    /// - Throws: `.invalidDefinition` where the definition asks for what this machine cannot do, or for an edge that
    ///   nothing would pass requests to.
    static func strategy(
        of environment: Environment, hasNginx: Bool
    ) throws(DeployError) -> Environment.Runtime.Strategy {
        let strategy = meant(by: environment, hasNginx: hasNginx)
        let edge = environment.services.first { $0.role == .edge }
        if strategy == .recreate, let edge, hasNginx {
            throw DeployError(
                .invalidDefinition,
                what: "Environment \(environment.name) has an edge but is recreated without one",
                why: "strategy recreate gives the public port to the service itself",
                next: "remove service \(edge.name) or the strategy")
        }
        if !hasNginx, strategy == .blueGreen || edge != nil {
            throw DeployError(
                .invalidDefinition, what: "Environment \(environment.name) needs nginx",
                why:
                    "\(edge.map { "service \($0.name) routes requests" } ?? "strategy is blue-green"); nginx is not installed",
                next: "apt-get install nginx")
        }
        if strategy == .recreate, let key = environment.keysForNginx.first {
            throw DeployError(
                .invalidDefinition,
                what: "Environment \(environment.name) has \(key) but no nginx that keeps it",
                why: "strategy recreate gives the public port to the service itself",
                next: "remove \(key), or write \"strategy\": \"blue-green\" in \"runtime\"")
        }
        return strategy
    }
}

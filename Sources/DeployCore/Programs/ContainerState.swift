/// One container, as the engine sees it.
struct ContainerState: Hashable, Codable, Sendable {
    /// Where a port of the container is reached.
    struct Binding: Hashable, Codable, Sendable {
        var HostIp: String
        var HostPort: String
    }

    /// One run of a container's own health check.
    struct Check: Hashable, Codable, Sendable {
        var Output: String?
    }

    /// How it is on a network.
    struct Network: Hashable, Codable, Sendable {}

    var id: String
    var labels: [String: String]
    /// `running`, `exited`, `paused`, `restarting`, `created`, `dead`.
    var status: String
    var startedAt: String
    /// When it ended last, as the engine writes it; nil where it does not say.
    var finishedAt: String?
    var exitCode: Int
    /// `healthy`, `unhealthy` or `starting`; nil without a health check of its own.
    var health: String?
    /// What its health check found lately, newest last; nil without one.
    var checks: [Check]?
    var restarts: Int
    var image: String
    var ports: [String: [Binding]?]?
    /// By name; nil where the engine does not say.
    var networks: [String: Network]?
    /// Whether a process of it was killed because there was no memory left for it; absent: not known.
    var outOfMemory: Bool?
    /// Bytes; 0: no limit.
    var memory: Int64?
    /// Thousand millionths of a processor; 0: no limit.
    var nanoCpus: Int64?
    /// Processes and threads; absent, 0 or less: no limit.
    var pidsLimit: Int64?

    var service: String { labels[ContainerLabels.service] ?? "" }
    var instance: String? { labels[ContainerLabels.instance] }
    var role: String { labels[ContainerLabels.role] ?? "" }
    var isRunning: Bool { status == "running" }
    /// Such as `its own health check says unhealthy: no queue`; nil where it is healthy, and without one.
    var sickness: String? {
        guard let health, health != "healthy" else { return nil }
        let said = CommandResult.repeatable(checks?.last?.Output ?? "").last.map(String.init) ?? ""
        return "its own health check says \(health)\(said.isBlank ? "" : ": \(said)")"
    }

    /// Whether somebody took it off a network that it was on; one without any network was never on it.
    func isOff(_ network: String) -> Bool {
        guard let networks, networks["none"] == nil else { return false }
        return networks[network] == nil
    }
    var bindings: [Binding] { (ports ?? [:]).values.flatMap { $0 ?? [] } }

    /// A line of JSON for the engine to fill in.
    static let format =
        #"{"id":{{json .Id}},"labels":{{json .Config.Labels}},"status":{{json .State.Status}},"#
        + #""startedAt":{{json .State.StartedAt}},"finishedAt":{{json .State.FinishedAt}},"#
        + #""exitCode":{{json .State.ExitCode}},"#
        + #""health":{{with index .State "Health"}}{{json .Status}}{{else}}null{{end}},"#
        + #""checks":{{with index .State "Health"}}{{json .Log}}{{else}}null{{end}},"#
        + #""restarts":{{json .RestartCount}},"image":{{json .Image}},"ports":{{json .NetworkSettings.Ports}},"#
        + #""networks":{{json .NetworkSettings.Networks}},"#
        + #""outOfMemory":{{json .State.OOMKilled}},"memory":{{json .HostConfig.Memory}},"#
        + #""nanoCpus":{{json .HostConfig.NanoCpus}},"pidsLimit":{{json .HostConfig.PidsLimit}}}"#
}

/// One container, as the engine sees it.
struct ContainerState: Hashable, Codable, Sendable {
    /// Where a port of the container is reached.
    struct Binding: Hashable, Codable, Sendable {
        var HostIp: String
        var HostPort: String
    }

    var id: String
    var labels: [String: String]
    /// `running`, `exited`, `paused`, `restarting`, `created`, `dead`.
    var status: String
    var startedAt: String
    /// When it ended last, as the engine writes it; nil where it does not say.
    var finishedAt: String?
    var exitCode: Int
    /// Whether the kernel killed it last because its memory, or the machine's, was used up; nil where the engine does not say.
    var oom: Bool?
    /// `healthy`, `unhealthy` or `starting`; nil without a health check of its own.
    var health: String?
    var restarts: Int
    var image: String
    var ports: [String: [Binding]?]?
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
    var bindings: [Binding] { (ports ?? [:]).values.flatMap { $0 ?? [] } }

    /// A line of JSON for the engine to fill in.
    static let format =
        #"{"id":{{json .Id}},"labels":{{json .Config.Labels}},"status":{{json .State.Status}},"#
        + #""startedAt":{{json .State.StartedAt}},"finishedAt":{{json .State.FinishedAt}},"#
        + #""exitCode":{{json .State.ExitCode}},"oom":{{json .State.OOMKilled}},"#
        + #""health":{{with index .State "Health"}}{{json .Status}}{{else}}null{{end}},"#
        + #""restarts":{{json .RestartCount}},"image":{{json .Image}},"ports":{{json .NetworkSettings.Ports}},"#
        + #""outOfMemory":{{json .State.OOMKilled}},"memory":{{json .HostConfig.Memory}},"#
        + #""nanoCpus":{{json .HostConfig.NanoCpus}},"pidsLimit":{{json .HostConfig.PidsLimit}}}"#
}

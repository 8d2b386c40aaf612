/// The labels by which everything deployctl made in the engine is found again.
public enum ContainerLabels {
    /// What an engine gives to the containers that a swarm has it run.
    static let swarmTask = "com.docker.swarm.task"
    static let project = "deployctl.project"
    static let environment = "deployctl.environment"
    static let release = "deployctl.release"
    /// The deployment that started it: one set of app services.
    static let instance = "deployctl.colour"
    public static let service = "deployctl.service"
    /// The folder of the project that made a network or a volume.
    static let site = "deployctl.site"
    static let role = "deployctl.role"
    /// The role of a container that runs one command and ends.
    static let job = "job"

    /// What everything of an environment carries.
    public static func of(_ environment: Environment) -> [String: String] {
        [Self.project: environment.project, Self.environment: environment.name]
    }

    /// Arguments that make the engine list only what carries these labels.
    public static func filters(_ labels: [String: String]) -> [String] {
        labels.sorted { $0.key < $1.key }.flatMap { ["--filter", "label=\($0.key)=\($0.value)"] }
    }

    /// Arguments that give a new network or volume these labels.
    static func arguments(_ labels: [String: String]) -> [String] {
        labels.sorted { $0.key < $1.key }.flatMap { ["--label", "\($0.key)=\($0.value)"] }
    }
}

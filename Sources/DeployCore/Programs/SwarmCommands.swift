/// Command lines for a swarm of container engines; data only.
enum SwarmCommands {
    private static let program = "docker"

    private static func docker(_ arguments: String..., operands: [String] = []) -> Command {
        Command(program, arguments + operands)
    }

    /// How this engine belongs to a swarm, as a line of JSON.
    static var membership: Command { docker("info", "--format", SwarmMembership.format) }

    /// The machines of the swarm; a line of JSON for each.
    static var nodes: Command { docker("node", "ls", "--format", "{{json .}}") }

    /// Full ids of the services with these labels.
    static func list(_ labels: [String: String]) -> Command {
        docker("service", "ls", "--quiet", operands: ContainerLabels.filters(labels))
    }

    static func inspect(_ ids: [String]) -> Command {
        docker("service", "inspect", "--format", SwarmService.format, "--", operands: ids)
    }

    /// What became of each copy of these services lately; a line of JSON for each.
    static func tasks(of ids: [String]) -> Command {
        docker("service", "ps", "--no-trunc", "--format", "{{json .}}", "--", operands: ids)
    }

    /// The same of what has these labels on these machines, also where its service is gone.
    static func tasks(_ labels: [String: String], on nodes: [String]) -> Command {
        docker(
            "node", "ps", "--no-trunc", "--format", "{{json .}}",
            operands: ContainerLabels.filters(labels) + ["--"] + nodes)
    }

    /// Brings the services of a file; those it does not name stay as they are.
    static func deploy(_ file: String, as stack: String) -> Command {
        docker(
            "stack", "deploy", "--with-registry-auth", "--resolve-image", "never", "--compose-file", file,
            stack)
    }

    static func removeStack(_ stack: String) -> Command { docker("stack", "rm", stack) }

    /// Ends every copy of these services and leaves the services.
    static func rest(_ ids: [String]) -> Command { resting(ids.map { "\($0)=0" }) }

    /// The same for any number of services, as a plan prints it.
    static var restingAny: Command { resting(["{service=0…}"]) }

    private static func resting(_ counts: [String]) -> Command {
        docker("service", "scale", "--detach", operands: counts)
    }

    static func remove(_ ids: [String]) -> Command { docker("service", "rm", "--", operands: ids) }

    /// Ends what runs of a service and starts so many copies anew.
    static func renew(_ id: String, copies: String) -> Command {
        docker("service", "update", "--detach", "--force", "--replicas", copies, "--", id)
    }

    /// Prints what every copy of a service prints, each line with its moment; `since`: an RFC 3339 moment.
    static func follow(_ id: String, since: String?) -> Command {
        docker(
            "service", "logs", "--follow", "--raw", "--timestamps",
            operands: (since.map { ["--since", $0] } ?? []) + [id])
    }

    static func tag(_ image: String, as name: String) -> Command { docker("image", "tag", image, name) }

    static func push(_ name: String) -> Command { docker("push", "--quiet", "--", name) }

    /// The names under which registries have an image, each with its digest, as a line of JSON.
    static func digests(of image: String) -> Command {
        docker("image", "inspect", "--format", "{{json .RepoDigests}}", "--", image)
    }
}

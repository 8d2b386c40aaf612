/// Command lines for the container engine; data only.
enum ContainerCommands {
    private static let program = "docker"

    private static func docker(_ arguments: String..., operands: [String] = []) -> Command {
        Command(program, arguments + operands)
    }

    /// The version of client and engine on one line; fails when the engine does not answer.
    static var version: Command {
        docker("version", "--format", "client {{.Client.Version}}, engine {{.Server.Version}}")
    }

    /// Full ids of the containers with these labels, stopped ones included.
    static func list(_ labels: [String: String]) -> Command {
        docker("ps", "--all", "--quiet", "--no-trunc", operands: ContainerLabels.filters(labels))
    }

    /// Full ids of the running containers that hold one of these ports of the machine.
    static func publishing(_ ports: [Int]) -> Command {
        docker("ps", "--quiet", "--no-trunc", operands: ports.flatMap { ["--filter", "publish=\($0)"] })
    }

    /// A line for each of these containers, as `format` says.
    static func inspect(_ ids: [String], format: String) -> Command {
        docker("container", "inspect", "--format", format, "--", operands: ids)
    }

    /// The full id of each of these containers that runs.
    static func running(among ids: [String]) -> Command {
        inspect(ids, format: "{{if .State.Running}}{{.Id}}{{end}}")
    }

    /// A line for each file and folder that differs from the image: A, C or D, and its path.
    static func changes(of id: String) -> Command { docker("diff", id) }

    /// How a container ended between two moments, in seconds since 1970: a line for each end, oldest first.
    static func ends(of id: String, from first: String, to last: String) -> Command {
        let time = ["--since", first, "--until", last]
        let which = ["--filter", "container=\(id)", "--filter", "event=die", "--filter", "event=oom"]
        let format = #"{{.Action}} {{index .Actor.Attributes "exitCode"}}"#
        return Command("docker", ["events"] + time + which + ["--format", format])
    }

    /// Containers that are started again when they end unasked.
    static func keep(_ ids: [String]) -> Command {
        Command("docker", ["update", "--restart", "unless-stopped"] + ids)
    }

    /// Asks containers to end, and waits as long as each was promised.
    static func stop(_ ids: [String]) -> Command { docker("stop", "--", operands: ids) }

    /// Ends containers at once and removes them, with the volumes that have no name.
    static func remove(_ ids: [String]) -> Command {
        docker("rm", "--force", "--volumes", "--", operands: ids)
    }

    /// Runs a program in a container, which reads and writes what the caller does.
    static func console(_ command: Command, in id: String, onTerminal: Bool) -> Command {
        docker("exec", "--interactive", operands: (onTerminal ? ["--tty"] : []) + [id] + command.vector)
    }

    /// Runs a program in a container.
    static func run(_ command: Command, in id: String) -> Command {
        docker("exec", id, operands: command.vector)
    }

    /// Prints what a container prints, each line with its moment, until it ends; `since`: an RFC 3339 moment.
    static func follow(_ id: String, since: String?) -> Command {
        docker("logs", "--follow", "--timestamps", operands: (since.map { ["--since", $0] } ?? []) + [id])
    }

    /// What the engine keeps by name.
    enum Store: String { case network, volume }

    /// Ids of the networks with these labels.
    static func networks(_ labels: [String: String]) -> Command {
        docker("network", "ls", "--quiet", operands: ContainerLabels.filters(labels))
    }

    static func inspect(_ store: Store, _ name: String, format: String) -> Command {
        docker(store.rawValue, "inspect", "--format", format, "--", name)
    }

    static func create(_ store: Store, _ name: String, _ labels: [String: String]) -> Command {
        docker(store.rawValue, "create", operands: ContainerLabels.arguments(labels) + ["--", name])
    }

    /// A network of all machines of a swarm, on which containers of this one may be too.
    static func createSpanning(_ network: String, _ labels: [String: String]) -> Command {
        docker(
            "network", "create", "--driver", "overlay", "--attachable",
            operands: ContainerLabels.arguments(labels) + ["--", network])
    }

    static func removeVolume(_ name: String) -> Command { docker("volume", "rm", "--", name) }

    /// Puts a container on a network, where it is found by that name.
    static func connect(_ id: String, to network: String, as name: String) -> Command {
        docker("network", "connect", "--alias", name, "--", network, id)
    }

    /// Lets containers go on that were paused.
    static func unpause(_ ids: [String]) -> Command { docker("unpause", operands: ids) }

    static func removeNetwork(_ id: String) -> Command { docker("network", "rm", "--", id) }

    /// `sha256:…` of an image.
    static func imageID(_ image: String) -> Command {
        inspect(image: image, format: "{{.Id}}")
    }

    /// `sha256:…` of each of these images that is there.
    static func imageIDs(_ images: [String]) -> Command {
        docker("image", "inspect", "--format", "{{.Id}}", "--", operands: images)
    }

    /// A line about an image, as `format` says.
    static func inspect(image: String, format: String) -> Command {
        docker("image", "inspect", "--format", format, "--", image)
    }

    static func pull(_ image: String) -> Command { docker("pull", "--quiet", "--", image) }

    /// Takes names from images; an image goes with its last name.
    static func removeImages(_ names: [String]) -> Command { docker("image", "rm", "--", operands: names) }
}

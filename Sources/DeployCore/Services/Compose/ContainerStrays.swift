/// What services wrote into the layers of their containers, which go with them.
struct ContainerStrays {
    let ports: Ports

    private static let mounts =
        "{{range .Mounts}}{{println .Destination}}{{end}}{{range $path, $options := .HostConfig.Tmpfs}}{{println $path}}{{end}}"

    /// In the order of the services; empty where the engine says nothing.
    func found(of services: [RunningService]) -> [Stray] {
        let ids = services.compactMap(\.body.container)
        guard !ids.isEmpty else { return [] }
        let mounts = CommandRequest(
            ContainerCommands.inspect(ids, format: Self.mounts), deadline: .seconds(10))
        let changes = ids.map {
            CommandRequest(
                ContainerCommands.changes(of: $0), deadline: .seconds(10), outputLimit: 1 << 22)
        }
        let results = ports.commands.runTogether([mounts] + changes)
        let mounted = results[0]
        guard mounted.succeeded else { return [] }
        let places = mounted.output.lines.map { String($0) }
        return results.dropFirst().flatMap { $0.succeeded ? Self.strays(in: $0.output, beside: places) : [] }
    }

    /// Files that were added, as the engine lists changes: `A /app/data.db`.
    static func strays(in changes: String, beside mounts: [String]) -> [Stray] {
        let added = changes.lines.compactMap { $0.after("A ").map { String($0) } }
        let folders = Set(added.compactMap { $0.cutLast(at: "/").map { String($0.before) } })
        return added.filter { path in
            !folders.contains(path) && !Stray.isPassing(path)
                && !systems.contains { path.begins(with: $0) }
                && !mounts.contains {
                    path == $0 || path.begins(with: "\($0)/") || $0.begins(with: "\(path)/")
                }
        }.map {
            Stray(
                path: FolderContent.escaped($0.utf8), bytes: nil, isDatabase: Stray.looksLikeDatabase($0))
        }
    }

    /// Where programs of an image write whenever they start.
    private static let systems = [
        "/run/", "/var/run/", "/var/cache/", "/var/log/", "/var/tmp/", "/var/lib/nginx/", "/dev/", "/proc/",
        "/sys/", "/etc/",
        "/root/.",
        // The engine's own, in a container with "init".
        "/sbin/docker-init", "/usr/sbin/docker-init",
    ]
}

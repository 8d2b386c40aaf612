import FoundationEssentials

/// Keeps what containers print, beyond the life of each container.
///
/// A process per container follows it and belongs to the instance, so that it is found and ended with it.
struct ContainerLogs {
    let site: Site

    private var ports: Ports { site.ports }
    private var layout: Layout { site.layout }

    init(_ site: Site) { self.site = site }

    /// What `follow` starts.
    static var programs: [ProgramCall] {
        [ContainerCommands.follow("{container}", since: nil)].calls.when("its log begins")
            + [ContainerCommands.follow("{container}", since: "{moment}")].calls.when("its log goes on")
    }

    /// What `catchUp` starts.
    static func programsCatchingUp(in layout: Layout) -> [ProgramCall] {
        ContainerEngine.programs(listing: ContainerLabels.of(layout.environment))
            + programs.when("nobody follows it")
    }

    /// Appends what the container prints to the service's log, from where that log ends.
    ///
    /// `command`: prints it since a moment.
    func follow(
        _ container: String, of service: String, marker: String, into log: String,
        by command: (String, String?) -> Command = ContainerCommands.follow
    ) throws(DeployError) {
        let since =
            LogTail(files: ports.files).last(20, of: log).reversed().lazy
            .compactMap(Self.after).first
        try ports.files.makeFolder(Path.parent(log))
        let process = try ports.processes.start(
            ServiceLaunch(
                command: command(container, since), directory: layout.root,
                environment: [ServiceLaunch.instanceVariable: marker], log: log))
        try ports.files.publish(
            JSON.data(Follower(container: container, process: process)), to: record(service, marker))
    }

    /// Follows again what runs and is not followed, as after a restart of the machine or of a container.
    func catchUp() {
        guard let containers = try? ports.engine.containers(ContainerLabels.of(layout.environment)) else {
            return
        }
        for container in containers
        where container.isRunning && container.role != ContainerLabels.job
            && container.labels[ContainerLabels.swarmTask] == nil
        {
            catchUp(container.id, of: container.service, in: container.instance, by: ContainerCommands.follow)
        }
    }

    /// Follows it again unless somebody does; `instance`: nil where it outlives releases.
    func catchUp(
        _ container: String, of service: String, in instance: String?,
        by command: (String, String?) -> Command
    ) {
        let marker = instance.map(layout.instance) ?? layout.data
        guard ports.files.kind(of: marker) == .folder, !isFollowed(container, service, marker) else { return }
        try? follow(
            container, of: service, marker: marker, into: layout.serviceLog(service), by: command)
    }

    /// Which process follows which container.
    private struct Follower: Codable {
        var container: String
        var process: ProcessIdentity
    }

    private func record(_ service: String, _ marker: String) -> String { "\(marker)/log-\(service).json" }

    private func isFollowed(_ container: String, _ service: String, _ marker: String) -> Bool {
        guard let data = try? ports.files.read(record(service, marker)),
            let follower = try? JSON.value(Follower.self, from: data, named: "The follower of a log")
        else { return false }
        return follower.container == container && ports.processes.isRunning(follower.process)
    }

    /// The moment just after the one a line begins with.
    static func after(_ line: String) -> String? {
        let stamp = line.cut(at: " ")?.before ?? line[...]
        guard let (seconds, digits) = stamp.before("Z")?.cutLast(at: "."),
            UTC.date(rfc3339: "\(seconds)Z") != nil
        else { return nil }
        guard digits.utf8.count == 9, let nanoseconds = Int(digits), nanoseconds < 999_999_999 else {
            return nil
        }
        let next = String(nanoseconds + 1)
        return "\(seconds).\(String(repeating: "0", count: 9 - next.count))\(next)Z"
    }
}

import Foundation

@testable import DeployCore

/// nginx, curl, git, age and archivers as far as a deployment needs them, on a file system in memory.
///
/// nginx "runs" as an entry of the process table with a pid file; curl is answered by what really
/// listens there: a service by its address, the public port by the link that decides about traffic.
public final class SimulatedPrograms: CommandRunner, @unchecked Sendable {
    private let files: MemoryFileStore
    private let processes: FakeProcessTable
    private let guarded = NSLock()
    private var unhealthy: Set<String> = []
    private var installed: Set = ["nginx", "age"]
    private var madeTags: [String] = []
    private var listener: @Sendable (Command) -> Void = { _ in }

    public init(files: MemoryFileStore, processes: FakeProcessTable) {
        self.files = files
        self.processes = processes
    }

    /// From now on what runs in a folder ending in `suffix` answers 503; `<instance>/front` only at the public port.
    public func makeUnhealthy(_ suffix: String) { guarded.withLock { _ = unhealthy.insert(suffix) } }
    public func heal() { guarded.withLock { unhealthy = [] } }
    public var tags: [String] { guarded.withLock { madeTags } }

    /// From now on `listener` hears of every program before it runs.
    public func hear(_ listener: @escaping @Sendable (Command) -> Void) {
        guarded.withLock { self.listener = listener }
    }

    /// From now on nginx is not installed; what runs goes on.
    public func uninstallNginx() { guarded.withLock { _ = installed.remove("nginx") } }

    public func has(_ program: String) -> Bool { guarded.withLock { installed.contains(program) } }

    public func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }

    public func run(_ request: CommandRequest) -> CommandResult {
        guarded.withLock { listener }(request.command)
        let arguments = request.command.arguments
        switch request.command.program {
        case "sync", "build": return CommandResult(.exited(0))
        case "nginx": return nginx(arguments)
        case "curl": return curl(arguments)
        case "git" where arguments.contains("tag"):
            guarded.withLock { madeTags.append(arguments.dropLast().last ?? "") }
            return CommandResult(.exited(0))
        case "git" where arguments.contains("config"): return CommandResult(.exited(1))
        case "git" where arguments.contains("archive"):
            return SimulatedArchiver(files: files).archive(request.command)
        case "cp", "tar", "zstd": return SimulatedArchiver(files: files).run(request)
        case "true": return CommandResult(.exited(0))
        case "false": return CommandResult(.exited(1))
        case "ssh": return run(CommandRequest(Command(arguments[1], Array(arguments.dropFirst(2)))))
        case "age": return FakeAge(files: files).run(request)
        default: return CommandResult(.notStarted("\(request.command) is not simulated"))
        }
    }

    private func nginx(_ arguments: [String]) -> CommandResult {
        guard arguments.first == "-c", let file = arguments.last else { return CommandResult(.exited(0)) }
        let folder = String(file.dropLast("/nginx.conf".count))
        let text = (try? files.read(file)).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) } ?? ""
        let ports = text.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /^ *listen (?<port>[0-9]+);$/).map { String($0.output.port) }
        }
        let process = processes.add(
            "nginx", marker: folder, environment: ["LISTENS": ports.joined(separator: ",")])
        files.write("\(process.pid)\n", to: "\(folder)/nginx.pid")
        return CommandResult(.exited(0))
    }

    private func curl(_ arguments: [String]) -> CommandResult {
        let urls = arguments.filter { $0.hasPrefix("http://") }
        let socket = arguments.firstIndex(of: "--unix-socket").map { arguments[$0 + 1] }
        let port = urls.first.flatMap { URL(string: $0)?.port }
        guard let answer = socket.flatMap(answer(onSocket:)) ?? port.flatMap(answer(onPort:)) else {
            return CommandResult(.exited(7), errors: "curl: (7) refused")
        }
        return CommandResult(.exited(0), output: String(repeating: answer, count: urls.count))
    }

    private func answer(onSocket path: String) -> String? {
        processes.running.first { $0.environment["SOCKET"] == path }.map { head($0.marker, instance: nil) }
    }

    private func answer(onPort port: Int) -> String? {
        if let service = processes.running.first(where: { $0.environment["PORT"] == "\(port)" }) {
            return head(service.marker, instance: nil)
        }
        guard processes.running.contains(where: { $0.marker.hasSuffix("/edge") }),
            let edge = processes.running.first(where: { $0.marker.hasSuffix("/edge") })
        else { return nil }
        let run = edge.marker.dropLast("edge".count) + "run"
        guard let instance = files.linkTarget("\(run)/current"),
            processes.running.contains(where: { $0.marker == "\(run)/\(instance)" && $0.program == "nginx" })
        else { return "HTTP/1.1 502 Bad Gateway\r\n\r\n" }
        return head("\(run)/\(instance)/front", instance: instance)
    }

    private func head(_ folder: String, instance: String?) -> String {
        let sick = guarded.withLock { unhealthy.contains { folder.hasSuffix($0) } }
        let identity = instance.map { "\(CurlCommands.instanceHeader): \($0)\r\n" } ?? ""
        return "HTTP/1.1 \(sick ? "503 Sick" : "200 OK")\r\n\(identity)\r\n"
    }
}
